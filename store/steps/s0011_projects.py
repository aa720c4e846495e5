"""Step 11: several projects of other servers side by side."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE remote_project (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    settings BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    fetched_at INTEGER,
    removed_at INTEGER,
    PRIMARY KEY (id)
)
""",
    """
ALTER TABLE remote_form ADD COLUMN project TEXT DEFAULT '' NOT NULL
""",
    # the one server that there could be so far
    """
INSERT INTO remote_project (id, name, settings, added_at)
SELECT 'first', coalesce(json_extract(CAST(value AS TEXT), '$.name'), ''), value, 0
FROM setting WHERE name = 'openrosa_account'
""",
    """
UPDATE remote_form SET project = 'first'
""",
    """
DELETE FROM setting WHERE name = 'openrosa_account'
""",
)
