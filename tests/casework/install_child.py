"""Takes over what the province publishes while `harm.c` ends the process or fills the disk.

Reads lines of JSON: a profile, what to do, and at which file-system operation. A forked process
does it and answers with one line, or dies.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
from base64 import b64decode
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pyxform
from sqlalchemy import select

from casework import fetching, filling, link, packages, program_stick, relay
from casework.errors import CaseworkError
from casework.office import Office, Resources, local_now
from forms.errors import FormError
from store import drafts, settings
from store import packages as kept
from store.engine import full_check
from store.errors import StoreError
from store.models import PackageFile
from store.open import unlock
from store.secrets import FileBox
from sync import packages as looks
from tests.casework.hall import PASSWORD

READY = (pyxform, looks)  # else each process would import them anew


def ask(
    child: subprocess.Popen[str], folder: Path, resources: Path, kind: str, at: int
) -> dict[str, Any]:
    """What the process of this module says to one order."""
    where = {"folder": str(folder), "resources": str(resources)}
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps({**where, "kind": kind, "at": at}) + "\n")
    child.stdin.flush()
    said: dict[str, Any] = json.loads(child.stdout.readline())
    assert "failed" not in said, (kind, at, said)
    return said


def enter(folder: Path, resources: Path) -> Office:
    """Sign in, as the desktop does."""
    box = FileBox(folder / "device")
    store = unlock(folder / "hall", "li", PASSWORD, secret=box, now=local_now())
    office = Office(store, Resources(resources))
    packages.keep_shipped(office)
    packages.offer(office)
    return office


def bring(office: Office, folder: Path) -> str:
    """A round's look, what a stick holds, or programs laid on one; the code it said, or ""."""
    try:
        if (folder / "programs").is_dir():
            _lay(office, folder / "programs")
        elif (folder / "stick").is_dir():
            taken = relay.take_in(office, folder / "stick")
            assert (taken.answers + taken.known, taken.failed) == (1, ()), taken
        else:
            _look(office)
    except (StoreError, CaseworkError) as error:
        return error.code
    return packages.freshness(office).error


def _look(office: Office) -> None:
    provider = link.provider(office.store)
    try:
        packages.update(office, provider)
    finally:
        provider.close()


def _lay(office: Office, stick: Path) -> None:
    provider = link.provider(office.store)
    try:
        assert program_stick.put(office, provider, stick)
    finally:
        provider.close()


def facts(office: Office, folder: Path) -> dict[str, Any]:
    """How the services stand, and what lies about."""
    full_check(office.store.engine)
    here, read = office.catalogue, office.store.read
    named = {
        digest
        for kind in (kept.SERVICE, kept.LIST)
        for listed in read(kept.digests, kind).values()
        for digest in listed.values()
    }
    lying = read(lambda session: session.scalars(select(PackageFile.sha256)).all())
    return {
        "offered": {
            p.id: [p.version, fetching.digest(fetching.hashes(p.files))] for p in here.all()
        },
        "opens": [p.version for p in here.all() if _opens(office, p.id, p.version)],
        "drafts": [
            _draft_opens(office, each.id) for each in office.store.read(drafts.list_of, None)
        ],
        "lists": {name: sha256(content).hexdigest() for name, content in here.lists.items()},
        "metadata": metadata_versions(office),
        "orphans": len({digest.hex() for digest in lying} - named),
        "files": sorted(
            path.relative_to(folder).as_posix()
            for place in (folder / "hall" / "packages", folder / "tmp")
            for path in place.rglob("*")
        ),
        "freshness": asdict(packages.freshness(office))["error"],
    }


def _opens(office: Office, service: str, version: str) -> bool:
    try:
        office.catalogue.form(service, version)
    except FormError:
        return False
    return True


def _draft_opens(office: Office, draft: UUID) -> str:
    found = office.store.read(drafts.get, draft, office.store.operator.id)
    form = office.catalogue.form(found.service_id, found.service_version)
    made = filling.reopen(office, draft, form)
    return f"{made.package.version} {made.session.view('/data/name').answer}"


def metadata_versions(office: Office) -> dict[str, int]:
    """Versions of the metadata that the office believes, by the name of the file."""
    kept = json.loads(office.store.read(settings.get, "packages_metadata") or b"{}")
    return {name: json.loads(b64decode(text))["signed"]["version"] for name, text in kept.items()}


def harmed(folder: Path, resources: Path, kind: str, at: int) -> dict[str, Any]:
    """Take over while it happens; with a full disk once more when there is room."""
    office = enter(folder, resources)
    harm = ctypes.CDLL(None)
    harm.harm_arm(str(folder).encode(), ctypes.c_long(at), kind == "full")
    said = bring(office, folder)
    done = harm.harm_disarm()
    after = facts(office, folder) if kind == "full" and at else {}
    again = bring(office, folder) if after else ""
    office.store.close()
    return {"done": done, "said": said, "again": again, "after": after}


def start_again(folder: Path, resources: Path, _kind: str, _at: int) -> dict[str, Any]:
    """Start once more; how it stands, and how after the next look or the same stick."""
    office = enter(folder, resources)
    before = facts(office, folder)
    said = bring(office, folder)
    after = facts(office, folder)
    office.store.close()
    return {"before": before, "said": said, "after": after}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        folder, resources = Path(asked["folder"]), Path(asked["resources"])
        child = os.fork()
        if child == 0:
            tempfile.tempdir = str(folder / "tmp")
            do = start_again if asked["kind"] == "start" else harmed
            try:
                said = do(folder, resources, asked["kind"], asked["at"])
            except BaseException as error:  # noqa: BLE001 - told to the test
                said = {"failed": f"{type(error).__name__} {error}"[:800]}
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            sys.stdout.write('{"killed": true}\n')
            sys.stdout.flush()


if __name__ == "__main__":
    main()
