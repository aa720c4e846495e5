"""Every form of the recorded corpus is loaded and opened, or refused for the right reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import FormError, load_form
from forms.authoring import compile_xlsform
from tests.forms.conformance.test_replay import CORPUS, beside
from tests.forms.kit import around

REFUSED = {  # code by file
    "bad-range-form.xml": "F110",
    "eIMCI-by-D-Tree.xml": "F111",  # preloads from a context that the specification does not list
    "lgas.xml": "F110",  # a list, no form
    "event-odk-new-repeat-model.xml": "F110",
    "invalid-events.xml": "F110",
    "external-data.xml": "F110",  # a list
    "external-secondary-instance-large.xml": "F113",  # its list is not there
    "external-secondary-instance.xml": "F113",
    "unused-secondary-instance.xml": "F113",
    "populate-nodes-attributes-instance.xml": "F110",  # answers, no form
    "issue_449_last_saved.xml": "F110",  # answers
    "two-models.xml": "F110",
    "wards.xml": "F110",  # a list
    "minimal.xform.xml": "F111",  # an unknown control, on purpose
    "all-question-types-v2024091201-3.xlsx": "F113",
    "ifrc-distribution-site-assessment-v1.xlsx": "F110",  # an old .xls under a new name
    "xml-attachment.xml": "F110",  # an attachment
    "simple-dag-cycle.xml": "F112",
    "xpath-syntax-error.xml": "F120",
    "xpath-unknown-function.xml": "F121",
}


def opened(path: Path) -> str:
    """The code of the refusal of the form at `path`; "" when it opens."""
    beside_it = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    source = path.read_bytes()
    try:
        if path.suffix == ".xlsx":
            authored = compile_xlsform(source)
            source = authored.xform
            beside_it |= authored.resources
        session = load_form(source, beside_it).new_session(**around(), location=lambda: None)
        session.check()
    except FormError as refused:
        return refused.code
    return ""


@beside
@pytest.mark.parametrize("suffix", ["xml", "xlsx"])
def test_every_form_opens_or_is_refused_rightly(suffix: str) -> None:
    paths = sorted((CORPUS / "forms").rglob(f"*.{suffix}"))
    assert len(paths) > 3
    outcome = {path: opened(path) for path in paths}
    wrong = {p.name: c for p, c in outcome.items() if c != REFUSED.get(p.name, "")}
    assert wrong == {}
