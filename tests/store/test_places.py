"""Where a store may not lie, and who may not open it: refused in words, nothing touched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.messages import say
from store import drives
from store.errors import NetworkDrive, ProfileReadOnly, StoreBusy
from tests.store.window import accept, enter, make, numbers

ROOT = Path(__file__).parents[2]
MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 22 0:40 / /home/li/share rw shared:9 - cifs //server/share rw
32 22 0:41 / /mnt/nfs\\040disk rw - nfs4 server:/x rw
33 22 8:1 / /media/usb rw - vfat /dev/sdb1 rw
34 31 0:50 / /home/li/share/local rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/li/.local/share/lastmile", "ext4"),
        ("/home/li/share", "cifs"),
        ("/home/li/share/office", "cifs"),
        ("/home/li/shared", "ext4"),
        ("/home/li/share/local/office", "tmpfs"),
        ("/mnt/nfs disk/office", "nfs4"),
        ("/media/usb/office", "vfat"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    assert drives.file_system(Path(folder), MOUNTS) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="mountinfo is Linux's")
def test_a_network_drive_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = make(tmp_path)
    table = tmp_path / "mountinfo"
    table.write_text(f"31 22 0:40 / {tmp_path.resolve()} rw - cifs //server/share rw\n")
    monkeypatch.setattr(drives, "MOUNTS", table)
    with pytest.raises(NetworkDrive) as refused:
        enter(profile)
    assert "network drive" in say(refused.value)
    with pytest.raises(NetworkDrive):
        make(tmp_path / "other")
    assert not (tmp_path / "other" / "office").exists()


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A profile on a device that takes no writes."""
    profile = make(tmp_path / "was")
    store = enter(profile)
    accept(store)
    store.close()
    place = tmp_path / "device"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("no mount command here")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("a device can be mounted by root only")
    try:
        (profile / "ballast").unlink(missing_ok=True)
        shutil.copytree(profile.parent, place, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        yield place / profile.name
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_profile_that_takes_no_writes_is_refused_in_words(read_only: Path) -> None:
    was = (read_only / "store.db").read_bytes()
    with pytest.raises(ProfileReadOnly) as refused:
        enter(read_only)
    assert "cannot be written" in say(refused.value)
    assert (read_only / "store.db").read_bytes() == was


def test_a_second_process_is_refused_in_words_and_harms_nothing(tmp_path: Path) -> None:
    profile = make(tmp_path)
    store = enter(profile)
    accept(store)
    code = (
        "import sys; from pathlib import Path; from tests.store.window import enter\n"
        "from store.errors import StoreError\n"
        "try: enter(Path(sys.argv[1]))\n"
        "except StoreError as error: print(error.code)\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(profile)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert other.stdout.strip() == StoreBusy.code
    assert "another window or program" in say(StoreBusy())
    accept(store)
    assert len(numbers(store)) == 2
    store.close()
