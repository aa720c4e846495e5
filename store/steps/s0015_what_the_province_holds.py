"""Step 15: what each submission was sent with, and whether the province still holds it."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE submission_body ADD COLUMN applicant TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE submission_body ADD COLUMN applicant_id_no TEXT NOT NULL DEFAULT ''",
    "DROP TRIGGER submission_body_no_update",
    """
UPDATE submission_body SET (applicant, applicant_id_no) = (
    SELECT c.applicant, c.applicant_id_no
    FROM submission s JOIN case_file c ON c.id = s.case_id
    WHERE s.id = submission_body.submission_id
)
""",
    """
CREATE TRIGGER submission_body_no_update BEFORE UPDATE ON submission_body
BEGIN SELECT RAISE(ABORT, 'submission_body is written once'); END
""",
    """
CREATE TABLE holding (
    submission_id CHAR(32) NOT NULL,
    held BOOLEAN,
    PRIMARY KEY (submission_id),
    FOREIGN KEY(submission_id) REFERENCES submission (id)
)
""",
    "CREATE INDEX holding_unsure ON holding (submission_id) WHERE held IS NULL",
    "INSERT INTO holding(submission_id) SELECT id FROM submission",
    """
CREATE TABLE lost_event (
    seq INTEGER NOT NULL,
    case_id CHAR(32) NOT NULL,
    PRIMARY KEY (seq),
    FOREIGN KEY(seq) REFERENCES event (seq)
)
""",
    "CREATE INDEX lost_event_case ON lost_event (case_id)",
    "ALTER TABLE case_file ADD COLUMN behind CHAR(32)",
    "CREATE INDEX case_behind ON case_file (id) WHERE behind IS NOT NULL",
)
