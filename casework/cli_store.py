"""`lastmile-admin backup`, `restore`, `bring`, `recoveries` and `doctor`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import rights
from casework.console import Json, Login, Profile, ask_password, open_store, refusals, say
from casework.office import USUAL_PROFILE, local_now
from store import backup as backups
from store import journal, recovery, snapshots, upkeep
from store.drives import is_network
from store.errors import StoreError
from store.open import list_logins
from store.room import NAME as BALLAST
from store.room import Room
from store.secrets import profile_box


def backup(
    to: Annotated[Path | None, typer.Option(help="Second folder, such as a USB disk.")] = None,
    daily: Annotated[bool, typer.Option("--daily", help="Copy each backup there.")] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Make an encrypted copy of the store and open it to prove that it is whole.

    Example: lastmile-admin backup --to /media/usb --daily
    """
    with open_store(profile, login) as store:
        rights.demand(store.operator, "backup")
        made = backups.make(store, local_now())
        facts: dict[str, Any] = {"backup": made.name, "bytes": made.stat().st_size}
        if to is not None:
            facts["copy"] = backups.copy_to(store, made, to)
            if daily:
                store.writer.submit(upkeep.set_second_folder, to).result()
    say(facts, as_json)


def restore(
    source: Annotated[Path, typer.Argument(help="A backup file.")],
    exactly: Annotated[
        bool, typer.Option("--exactly", help="Back to that moment, without the journal.")
    ] = False,
    login: Login = "admin",
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Put a backup in place of the store and bring it forward; the store of now is kept beside it.

    Says which cases of the store of now are not in the restored one. `--exactly` is refused
    while that would put unsent cases aside.

    Example: lastmile-admin restore backups/store-20261124-080000.db
    """
    with refusals():
        done = backups.restore(
            profile,
            source,
            login,
            ask_password(),
            secret=profile_box(profile),
            now=local_now(),
            exactly=exactly,
            allow=lambda operator: rights.demand(operator, "backup"),
        )
    facts = {
        "restored": source.name,
        "kept": done.aside.name,
        "cases": done.cases,
        "changes_from_journal": done.changes,
        "cases_left_out": list(done.left_out),
    }
    say(facts, as_json)


def bring(
    source: Annotated[Path, typer.Argument(help="Folder lastmile-... of the second disk.")],
    profile: Profile = USUAL_PROFILE,
    as_json: Json = False,
) -> None:
    """Lay an office's second folder down on a new computer.

    Then `lastmile-admin recovery code` with the code from the safe opens it.

    Example: lastmile-admin bring /media/usb/lastmile-1f2e3d4c5b6a7988
    """
    with refusals():
        copied = backups.bring(profile, source)
    say({"backups": len(snapshots.listed(profile)), "attachments": copied}, as_json)


def recoveries(
    login: Login = "admin", profile: Profile = USUAL_PROFILE, as_json: Json = False
) -> None:
    """When the store had to be made again: what came back, and exactly what did not.

    Example: lastmile-admin recoveries --json
    """
    with open_store(profile, login) as store:
        made = store.read(recovery.remembered)
    say({"recoveries": [{**asdict(each), "complete": each.complete} for each in made]}, as_json)
    raise typer.Exit(0 if all(each.complete for each in made) else 1)


def doctor(profile: Profile = USUAL_PROFILE, as_json: Json = False) -> None:
    """Look at everything that can be looked at without a password.

    Example: lastmile-admin doctor --json
    """
    there = profile if profile.exists() else Path.home()
    room, newest = Room(there), snapshots.newest_at(profile)
    try:
        logins, problem = len(list_logins(profile)), ""
    except StoreError as error:
        logins, problem = 0, error.code
    aside = sorted(
        path.name for word in ("quarantine", "replaced") for path in profile.glob(f"{word}-*")
    )
    network = is_network(there.resolve())
    suspect = (profile / recovery.SUSPECT).exists()
    facts = {
        "profile": profile,
        "set_up": bool(logins),
        "problem": problem,
        "operators": logins,
        "device_secret_guarded_by_system": profile_box(profile).strong,
        "network_drive": network,
        "ballast": (profile / BALLAST).exists(),
        "free_mib": room.free >> 20,
        "room": room.level,
        "backups": len(snapshots.listed(profile)),
        "newest_backup": newest.isoformat() if newest else "",
        "journal_files": len(journal.files(profile)),
        "put_aside": aside,
        "made_again_at_next_sign_in": suspect,
        "python": sys.version.split()[0],
    }
    say(facts, as_json)
    in_order = logins and room.level == "plenty" and not (network or suspect)
    raise typer.Exit(0 if in_order else 1)
