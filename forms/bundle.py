"""One thing (一件事): several services that a citizen sees as one event, described as data.

A bundle's package is a folder like any other, with the services and versions it is made of, and
with what they ask in common, in place of a form of its own (`service.toml`):

    [[part]]
    service = "canji-butie"
    version = "2026.11.1"
    [[shared]]
    ref = "/data/applicant"      # one ref for all parts that have it, with all that lies below
    [[shared]]
    refs = { canji-butie = "/data/live", jubao-canbao = "/data/home" }
    last = true                  # asked at the end of the form

Each part keeps the form, materials, limits and certificate of its own package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.errors import PackageBroken


@dataclass(frozen=True)
class Part:
    """A service of a bundle, in the version that the bundle was made for.

    Attributes:
        optional: The applicant may leave it out.
    """

    service: str
    version: str
    optional: bool = False

    def put(self, ref: str) -> str:
        """A ref of the part's own form as the bundle calls it; "" stays ""."""
        return f"/{self.service}{ref}" if ref else ""


@dataclass(frozen=True)
class Shared:
    """What several parts ask in common.

    Attributes:
        refs: By service; what lies below these refs is shared by its path.
        last: It is asked where the last of the parts asks it, not the first.
    """

    refs: Mapping[str, str]
    last: bool = False


@dataclass(frozen=True)
class Bundle:
    """What a bundle is made of, in the order in which it is asked."""

    parts: tuple[Part, ...]
    shared: tuple[Shared, ...] = ()

    def split(self, ref: str) -> tuple[str, str]:
        """Service and ref in its own form of a ref of the bundle."""
        _, service, own = ref.split("/", 2)
        return service, f"/{own}"

    def members(self, service: str, ref: str) -> tuple[tuple[str, str], ...]:
        """Everybody who asks what `service` asks at `ref`, in the order of the parts.

        Only itself where nothing is shared.
        """
        shared = self._shared_with(service, ref)
        if shared is None:
            return ((service, ref),)
        below = ref[len(shared.refs[service]) :]
        order = [part.service for part in self.parts if part.service in shared.refs]
        return tuple((each, f"{shared.refs[each]}{below}") for each in order)

    def askers(self, ref: str) -> tuple[tuple[str, str], ...]:
        """`members` of a ref of the bundle."""
        return self.members(*self.split(ref))

    def is_last(self, service: str, ref: str) -> bool:
        """Whether it is asked where the last of the parts asks it."""
        shared = self._shared_with(service, ref)
        return shared is not None and shared.last

    def _shared_with(self, service: str, ref: str) -> Shared | None:
        for shared in self.shared:
            mine = shared.refs.get(service)
            if mine is not None and (ref == mine or ref.startswith((f"{mine}/", f"{mine}["))):
                return shared
        return None


def read_bundle(facts: Mapping[str, Any]) -> Bundle | None:
    """What `service.toml` says of a bundle; None for a service with a form of its own.

    Raises:
        PackageBroken: It names no two services, or shares with one that is not a part.
    """
    if "part" not in facts:
        return None
    parts = tuple(
        Part(str(row["service"]), str(row["version"]), bool(row.get("optional", False)))
        for row in facts["part"]
    )
    names = [part.service for part in parts]
    if len(parts) < 2 or len(set(names)) < len(names) or all(part.optional for part in parts):
        raise PackageBroken(file="service.toml", place="part")
    return Bundle(parts, tuple(_shared(row, names) for row in facts.get("shared", ())))


def _shared(row: Mapping[str, Any], names: Sequence[str]) -> Shared:
    if "refs" in row:
        refs = {str(name): str(ref) for name, ref in row["refs"].items()}
    else:
        refs = dict.fromkeys(map(str, row.get("parts", names)), str(row["ref"]))
    strange = set(refs) - set(names)
    if strange or not all(ref.startswith("/") for ref in refs.values()):
        raise PackageBroken(file="service.toml", place="shared")
    return Shared(
        {name: refs[name] for name in names if name in refs}, bool(row.get("last", False))
    )
