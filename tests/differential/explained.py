"""Differences between the two engines that random forms have shown, and why ours stay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Explained:
    """One kind of difference.

    Attributes:
        what: What differs.
        why: What the specification says, in our words.
        anchor: Where it says so.
    """

    what: str
    why: str
    anchor: str


EXPLAINED = (
    Explained(
        "Absolute paths inside a repeat: the peer begins at the root.",
        "Inside a repeat an absolute path means the instance that it is used in. Random forms write"
        " relative paths there, so that both mean the same.",
        "#a-big-deviation-with-xforms",
    ),
)
