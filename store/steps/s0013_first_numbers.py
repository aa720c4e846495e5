"""Step 13: the provisional number of a case that was given a final one."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
ALTER TABLE case_file ADD COLUMN first_number TEXT NOT NULL DEFAULT ''
""",
    """
CREATE INDEX case_file_first_number ON case_file (first_number) WHERE first_number <> ''
""",
)
