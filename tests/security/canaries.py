"""An invented person whose data must never lie in clear."""

from __future__ import annotations

from pathlib import Path

NAME = "欧阳金丝雀"
ID_NO = "530102199903078888"


def sightings(folder: Path) -> list[str]:
    """Files below `folder` that hold the person in any usual encoding, or in their names."""
    written = [
        value.encode(encoding)
        for value in (NAME, ID_NO, NAME[1:])
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
    ]
    written += [NAME.encode("unicode_escape"), ID_NO.encode().hex().encode()]
    found = []
    for path in folder.rglob("*"):
        if any(name.decode("utf-8", "ignore") in path.name for name in written[:1]):
            found.append(f"{path.name} (name)")
        if path.is_file():
            content = path.read_bytes()
            found += [path.name for each in written if each in content]
    return found
