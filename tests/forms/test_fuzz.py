"""A short run of what `LASTMILE_FUZZ=10000,1000000` does at length: forms, expressions."""

from __future__ import annotations

import os

from tests.forms import fuzz_forms
from tests.forms.xpath import fuzz

FORMS, EXPRESSIONS = (int(n) for n in os.environ.get("LASTMILE_FUZZ", "120,1500").split(","))


def test_a_mutated_form_is_filled_or_refused_and_never_slow() -> None:
    report = fuzz_forms.run(FORMS, seed=20261125)
    assert report.outcomes["filled"] > FORMS / 5  # else the mutations miss what they aim at
    assert len(report.outcomes) > 4


def test_a_random_expression_has_a_value_or_is_refused_and_is_never_slow() -> None:
    valued, slowest = fuzz.run(EXPRESSIONS, seed=20261125)
    assert valued > EXPRESSIONS / 5
    assert slowest[0] < 1, slowest
