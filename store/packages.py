"""Service packages and code lists of the province: every version that came stays, whole.

Files are kept once, by their hash, so a newer version brings only what changed. Lying in the store
they are protected as everything in it, and come back with it on another computer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import Case, Draft, Package, PackageFile

SERVICE, LIST = "service", "codelist"


def put(
    session: Session,
    kind: str,
    package: str,
    version: str,
    files: Mapping[str, bytes],
    now: datetime,
) -> None:
    """Keep one version of a package, in place of another content of the same version."""
    put_files(session, files.values())
    listed = {path: sha256(content).hexdigest() for path, content in files.items()}
    row = session.get(Package, (kind, package, version))
    if row is None:
        row = Package(kind=kind, id=package, version=version)
        session.add(row)
    row.files, row.kept_at = json.dumps(listed, ensure_ascii=False, sort_keys=True), now
    session.flush()


def put_files(session: Session, contents: Iterable[bytes]) -> None:
    """Keep files that are not here yet, such as those of a package still on its way."""
    for content in contents:
        digest = sha256(content).digest()
        if session.get(PackageFile, digest) is None:
            session.add(PackageFile(sha256=digest, content=content))
            session.flush()


def files_by_hash(session: Session, digests: Collection[bytes]) -> dict[bytes, bytes]:
    """Those of the files that are here, by SHA-256."""
    rows = (session.get(PackageFile, digest) for digest in digests)
    return {row.sha256: row.content for row in rows if row is not None}


def files_held(session: Session) -> frozenset[bytes]:
    """SHA-256 of every file that is here."""
    return frozenset(session.scalars(select(PackageFile.sha256)))


def digests(session: Session, kind: str) -> dict[tuple[str, str], Mapping[str, str]]:
    """SHA-256 in hex of each file by path, of every version kept, oldest first."""
    rows = session.scalars(select(Package).where(Package.kind == kind).order_by(Package.kept_at))
    return {(row.id, row.version): json.loads(row.files) for row in rows}


def files(session: Session, kind: str, package: str, version: str) -> dict[str, bytes]:
    """The files of one version by path; {} where it is not here, or not whole."""
    row = session.get(Package, (kind, package, version))
    if row is None:
        return {}
    listed: dict[str, str] = json.loads(row.files)
    found = files_by_hash(session, {bytes.fromhex(digest) for digest in listed.values()})
    try:
        return {path: found[bytes.fromhex(digest)] for path, digest in listed.items()}
    except KeyError:
        return {}


def left_over(session: Session) -> frozenset[bytes]:
    """SHA-256 of files that no version kept names, as of one that was never whole."""
    named = {
        bytes.fromhex(digest)
        for listed in session.scalars(select(Package.files))
        for digest in json.loads(listed).values()
    }
    return files_held(session) - named


def drop_left_over(session: Session) -> None:
    """Let go of such files."""
    for digest in left_over(session):
        session.execute(delete(PackageFile).where(PackageFile.sha256 == digest))


def in_use(session: Session) -> frozenset[tuple[str, str]]:
    """Services and versions that drafts and cases are on."""
    drafts = session.execute(select(Draft.service_id, Draft.service_version).distinct())
    cases = session.execute(select(Case.service_id, Case.service_version).distinct())
    return frozenset((service, version) for service, version in (*drafts, *cases))
