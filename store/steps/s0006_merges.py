"""Step 6: submissions that merge others."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE submission_merge (
    submission_id CHAR(32) NOT NULL,
    merged_id CHAR(32) NOT NULL,
    PRIMARY KEY (submission_id, merged_id),
    FOREIGN KEY(submission_id) REFERENCES submission (id)
)
""",
)
