"""Step 19: two records of the resident base that are one person."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE resident ADD COLUMN same_as TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX resident_same_as ON resident (same_as) WHERE same_as <> ''",
)
