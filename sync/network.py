"""What the system knows of the network; None where it does not say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkView:
    """The network as the system sees it at a moment.

    Attributes:
        online: Whether anything at all can be reached.
        metered: Whether bytes cost money.
        portal: Whether somebody has to sign in first.
    """

    online: bool | None = None
    metered: bool | None = None
    portal: bool | None = None
