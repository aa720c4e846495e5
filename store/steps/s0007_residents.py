"""Step 7: the office's slice of the resident base; numbers of people and cases found at once."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE resident (
    "row" INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    name TEXT NOT NULL,
    id_no TEXT NOT NULL,
    phone TEXT NOT NULL,
    household TEXT NOT NULL,
    relation TEXT NOT NULL,
    village TEXT NOT NULL,
    address TEXT NOT NULL,
    taken_over_at INTEGER NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (id)
)
""",
    """
CREATE INDEX ix_resident_household ON resident (household)
""",
    "CREATE INDEX resident_id_no ON resident (id_no)",
    "CREATE INDEX resident_id_end ON resident (substr(id_no, -6))",
    "CREATE INDEX resident_phone ON resident (phone)",
    "CREATE INDEX case_file_id_no ON case_file (applicant_id_no)",
    "CREATE INDEX case_file_id_end ON case_file (substr(applicant_id_no, -6))",
    "CREATE INDEX case_file_phone ON case_file (applicant_phone)",
    "CREATE INDEX case_file_number_end ON case_file (substr(number, -6))",
    """
CREATE VIRTUAL TABLE resident_search USING fts5(words, content='', contentless_delete=1)
""",
)
