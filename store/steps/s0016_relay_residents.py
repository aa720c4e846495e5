"""Step 16: relay bundles carry changes to residents, and bring slices back."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE relay_part ADD COLUMN others INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE relay_part ADD COLUMN slices TEXT NOT NULL DEFAULT '{}'",
)
