"""Step 18: cases that were applied for together, as one thing."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE bundle (
    id CHAR(32) NOT NULL,
    service_id TEXT NOT NULL,
    service_version TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (id)
)
""",
    """
CREATE TABLE bundle_part (
    case_id CHAR(32) NOT NULL,
    bundle_id CHAR(32) NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (case_id),
    FOREIGN KEY(bundle_id) REFERENCES bundle (id)
)
""",
    "CREATE UNIQUE INDEX bundle_part_place ON bundle_part (bundle_id, place)",
)
