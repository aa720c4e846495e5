"""What the office or the person has chosen; frozen, layered, without secrets.

Layers, weakest first: default, province policy, machine, user. A layer is a TOML file; unknown
keys and values of the wrong type are left aside and reported.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Choices of this workplace.

    Attributes:
        language: `zh_CN` or `en`.
        appearance: `light`, `dark` or `system`.
        large_type: Whether all type is a quarter larger.
        idle_lock_minutes: Minutes without a key or a click until the desk locks; 0 never.
        printer: Name of the printer for documents; "" for the system's default.
        scan_folder: Folder that a camera or scanner writes into; "" for none.
        sync_pause_s: Seconds between rounds of sending.
        metered: Whether bytes cost on this computer's network: `always`, `never`, or "" for what
            the system or IT staff say.
    """

    language: str = "zh_CN"
    appearance: str = "light"
    large_type: bool = False
    idle_lock_minutes: int = 10
    printer: str = ""
    scan_folder: str = ""
    sync_pause_s: int = 60
    metered: str = ""

    def changed(self, **changes: object) -> Settings:
        """These settings with some values replaced.

        Raises:
            TypeError: A name is unknown.
        """
        return replace(self, **changes)  # type: ignore[arg-type]


def layered(layers: Sequence[Mapping[str, object]]) -> tuple[Settings, tuple[str, ...]]:
    """Put layers on top of the defaults, weakest first; also the keys left aside."""
    settings, left_aside = Settings(), []
    known = {each.name: type(getattr(settings, each.name)) for each in fields(Settings)}
    for layer in layers:
        fitting = {key: value for key, value in layer.items() if known.get(key) is type(value)}
        left_aside += [key for key in layer if key not in fitting]
        settings = settings.changed(**fitting)
    return settings, tuple(left_aside)


def load(paths: Sequence[Path]) -> tuple[Settings, tuple[str, ...]]:
    """Read the layers that exist, weakest first; an unreadable file counts as left aside."""
    layers: list[Mapping[str, object]] = []
    broken: list[str] = []
    for path in paths:
        try:
            layers.append(tomllib.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            broken.append(path.name)
    settings, left_aside = layered(layers)
    return settings, (*broken, *left_aside)


def save_user(path: Path, settings: Settings) -> None:
    """Write the user's layer: only what differs from the defaults, replaced as a whole."""
    plain = asdict(Settings())
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in asdict(settings).items()
        if value != plain[key]
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join([*lines, ""]), "utf-8")
    fresh.replace(path)
