"""Step 17: a withdrawal that came after the decision waits for nothing any more."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE office_report ADD COLUMN set_aside BOOLEAN NOT NULL DEFAULT 0",
)
