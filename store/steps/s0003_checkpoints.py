"""Checkpoints of the record, signed here and witnessed by the province."""

from __future__ import annotations

STATEMENTS = (
    """
CREATE TABLE checkpoint (
    seq INTEGER NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    receipt BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (seq)
)
""",
)
