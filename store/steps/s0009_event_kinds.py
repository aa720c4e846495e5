"""Step 9: events of one kind are found without reading all of them."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE INDEX event_kind ON event (kind, seq)
""",
)
