"""Of each copy: its way (paper or file), the job that carries it, and what kept it back."""

from __future__ import annotations

STATEMENTS = (
    "ALTER TABLE document_copy ADD COLUMN way TEXT NOT NULL DEFAULT 'paper'",
    "ALTER TABLE document_copy ADD COLUMN job TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE document_copy ADD COLUMN trouble TEXT NOT NULL DEFAULT ''",
)
