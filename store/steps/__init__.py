"""Numbered, forward-only changes of the schema; each is a module with `STATEMENTS`."""

from __future__ import annotations

from store.steps import (
    s0001_tables,
    s0002_relay,
    s0003_checkpoints,
    s0004_print_jobs,
    s0005_consents,
    s0006_merges,
    s0007_residents,
    s0008_remote_forms,
    s0009_event_kinds,
    s0010_resident_changes,
    s0011_projects,
    s0012_reports,
    s0013_first_numbers,
    s0014_packages,
    s0015_what_the_province_holds,
    s0016_relay_residents,
    s0017_withdrawals,
    s0018_bundles,
    s0019_joined_residents,
)

STEPS: tuple[tuple[str, ...], ...] = (
    s0001_tables.STATEMENTS,
    s0002_relay.STATEMENTS,
    s0003_checkpoints.STATEMENTS,
    s0004_print_jobs.STATEMENTS,
    s0005_consents.STATEMENTS,
    s0006_merges.STATEMENTS,
    s0007_residents.STATEMENTS,
    s0008_remote_forms.STATEMENTS,
    s0009_event_kinds.STATEMENTS,
    s0010_resident_changes.STATEMENTS,
    s0011_projects.STATEMENTS,
    s0012_reports.STATEMENTS,
    s0013_first_numbers.STATEMENTS,
    s0014_packages.STATEMENTS,
    s0015_what_the_province_holds.STATEMENTS,
    s0016_relay_residents.STATEMENTS,
    s0017_withdrawals.STATEMENTS,
    s0018_bundles.STATEMENTS,
    s0019_joined_residents.STATEMENTS,
)
