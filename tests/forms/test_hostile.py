"""Forms that mean harm: refused in words or harmless, and never slow."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from forms import Submission, load_form
from forms.errors import (
    DependencyCycle,
    EvaluationError,
    FormError,
    InvalidForm,
    MalformedXml,
    MissingResource,
    TooMuchWork,
    UnsupportedFeature,
    XmlTooLarge,
)
from forms.nodes import MAX_BYTES, MAX_DEPTH, parse_xml
from tests.forms.kit import around, form, session, xform


@contextmanager
def at_once(limit_s: float = 1.5) -> Iterator[None]:
    """What is inside takes little of this process's time."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < limit_s


def with_doctype(doctype: str, text: str = "&x;") -> bytes:
    return doctype.encode() + xform(f"<a>{text}</a>")


XINCLUDE = "http://www.w3.org/2001/XInclude"
BOMB = "<!DOCTYPE a [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 30))
)


@pytest.mark.parametrize(
    "source",
    [
        with_doctype(BOMB, "&a29;"),
        with_doctype("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
        with_doctype("<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>"),
        with_doctype("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'>%p;]>"),
        with_doctype("<!DOCTYPE a [<!ENTITY x 'plain'>]>"),
        b"",
        b"\0" * 100,
        b"<a>",
        b"\xff\xfe<\0a\0",
        xform("<a/>").replace(b"</h:head>", b"</h:haed>"),
        xform("<a/>").replace(b"<a/>", b"<a>\x01</a>"),
        xform("<a/>").replace(b"<a/>", b"<undeclared:a/>"),
    ],
    ids=range(12),
)
def test_what_is_no_clean_xml_is_refused(source: bytes) -> None:
    with at_once(), pytest.raises(FormError) as refused:
        load_form(source)
    assert isinstance(refused.value, MalformedXml | InvalidForm)


def test_a_fault_is_named_with_its_line() -> None:
    with pytest.raises(MalformedXml) as refused:
        load_form(xform("<a/>").replace(b"</h:body>", b"</h:bdoy>"))
    assert refused.value.fields["line"] == 8


def test_no_file_is_read_and_no_line_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<root><item><name>secret</name></item></root>")
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a line was opened"))
    for source in (
        with_doctype(f"<!DOCTYPE a [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"),
        with_doctype(f"<!DOCTYPE a SYSTEM '{secret.as_uri()}'>", "b"),
        with_doctype("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'>", "b"),
        xform(f'<a><i:include xmlns:i="{XINCLUDE}" href="{secret.as_uri()}"/></a>'),
        xform("<a/>", model=f'<instance id="s" src="{secret.as_uri()}"/>'),
        xform("<a/>", model='<instance id="s" src="jr://file/../../secret.xml"/>'),
        b"<?xml-stylesheet href='http://127.0.0.1:9/x'?>" + xform("<a/>"),
    ):
        try:
            filled = load_form(source).new_session(**around())
        except (MalformedXml, MissingResource, InvalidForm):
            continue
        assert b"secret</name>" not in filled.xml()


def test_a_file_beyond_all_measure_is_refused() -> None:
    with at_once(3), pytest.raises(XmlTooLarge):
        load_form(b"<a>" + b"x" * MAX_BYTES + b"</a>")


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300, 100_000])
def test_nesting_beyond_all_measure_is_refused(depth: int) -> None:
    with at_once(), pytest.raises((XmlTooLarge, MalformedXml)):
        parse_xml(b"<a>" * depth + b"</a>" * depth)


def test_the_deepest_nesting_allowed_is_filled_and_kept() -> None:
    deep = MAX_DEPTH - 12
    filled = session("<g>" * deep + "x" + "</g>" * deep)
    assert filled.finalise()


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 50_000 + "1",
        "not(" * 3000 + "1" + ")" * 3000,
        "1" + "+1" * 30_000,
        "a" + "/a" * 40_000,
        "//*[//*[//*[//*]]]",
        "count(//*//*//*//*//*)",
        "//*[following::*[preceding::*]]",
        "//* = //*/@*",
        "regex(/data/t, '(a+)+b')",
        "regex(/data/t, '(a|aa)+$')",
        "regex(/data/t, '(.*)*(.*)*x')",
        "regex(/data/t, '" + "(" * 2000 + "a" + ")" * 2000 + "')",
        "pow(10, 99999999)",
        "string(pow(10, 300))",
        "substr('abc', -99999999999, 1e300)",
        "substring('abc', -1 div 0, 1 div 0)",
        "round(1.5, 99999999)",
        "uuid(999999999999)",
        "format-date('2024-01-01', '" + "%Y" * 20_000 + "')",
        "translate(/data/t, 'a', 'b')",
        "selected-at(/data/t, 1e300)",
        "randomize(//*, 1e308)",
        "base64-decode('" + "A" * 50_000 + "')",
        "digest('x', 'SHA-512', 'nothing')",
        "weighted-checklist(1, 2, 3)",
        "indexed-repeat(//*, //*, 1, //*, 1)",
        "area('" + "1 2 0 0;" * 3000 + "')",
        "intersects('" + "1 2 0 0;3 4 0 0;" * 600 + "')",
        "date(1e300)",
        "format-date-time(1e18, '%Y')",
        "decimal-date-time('9999-99-99')",
        "instance('nothing')/root/item",
        "jr:itext('nothing')",
        "$variable",
        "no-such-function()",
        "string-length(string-length())",
    ],
    ids=lambda text: text[:30],
)
def test_no_expression_hangs_or_breaks_out(expression: str) -> None:
    nodes = "".join(f"<n{n}><b/><c/></n{n}>" for n in range(300)) + "<t>" + "a" * 5000 + "</t>"
    escaped = expression.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    with at_once(3):
        try:
            filled = session(
                nodes + "<out/>", binds=f'<bind nodeset="/data/out" calculate="{escaped}"/>'
            )
            filled.answer("/data/n1/b", "x")
        except FormError:
            pass


ROWS = "<r>" + "".join(f"<n{n}/>" for n in range(1000)) + "</r>"
A_LITTLE = " + ".join(f"count(//*[. = '{n}'])" for n in range(3))
EACH_A_LITTLE = "".join(
    f'<bind nodeset="/data/r/n{n}" required="{A_LITTLE} &gt; 5"/>' for n in range(100)
)  # each goes through some ten thousand nodes, all together through a million


def test_a_form_whose_many_rules_take_too_long_together_is_stopped_and_loses_nothing() -> None:
    filled = session("<a/>" + ROWS, binds=EACH_A_LITTLE)
    filled.answer("/data/a", "kept")
    for ending in (filled.check, filled.finalise):
        with at_once(), pytest.raises(TooMuchWork):
            ending()
    assert b"<a>kept</a>" in filled.xml()
    filled.answer("/data/a", "and goes on")
    assert filled.view("/data/a").answer == "and goes on"


@pytest.mark.parametrize("rule", ["calculate", "relevant"])
def test_what_was_not_computed_in_full_is_not_finalised(rule: str) -> None:
    work = "if(/data/a = 'go', count(//*[count(//*) &gt; 5]), 7) &gt; 0"
    made = form("<a/><b/>" + ROWS, binds=f'<bind nodeset="/data/b" {rule}="{work}"/>')
    filled = made.new_session(**around())
    with at_once(), pytest.raises(TooMuchWork):
        filled.answer("/data/a", "go")
    assert b"<a>go</a>" in filled.xml()
    filled.answer("/data/a", "stop")
    with pytest.raises(TooMuchWork):
        filled.finalise()
    anew = made.resume(filled.xml(), **around()).finalise()
    assert isinstance(anew, Submission)
    assert b"<a>stop</a>" in anew.xml


def test_each_operation_has_a_budget_of_its_own() -> None:
    work = "count(/data/r/*[. = '7']) + string-length(/data/a)"
    filled = session("<a/><b/>" + ROWS, binds=f'<bind nodeset="/data/b" calculate="{work}"/>')
    for length in range(1, 400):
        filled.answer("/data/a", "x" * length)
    assert filled.view("/data/b").answer == "399"


def test_a_text_that_doubles_itself_is_stopped() -> None:
    binds = "".join(
        f'<bind nodeset="/data/f{n}" calculate="concat(/data/f{n - 1}, /data/f{n - 1})"/>'
        for n in range(1, 60)
    )
    fields = "<f0>abcdefgh</f0>" + "".join(f"<f{n}/>" for n in range(1, 60))
    with at_once(), pytest.raises(EvaluationError):
        session(fields, binds=binds)


def test_a_text_that_takes_in_all_that_stands_around_it_is_stopped() -> None:
    body = '<group ref="/data/r"><repeat nodeset="/data/r"/></group>'
    reps = "<r><b/></r>" * 30
    binds = '<bind nodeset="/data/r/b" calculate="//*"/>'
    with at_once(), pytest.raises(EvaluationError):
        session("<a>abcdefgh</a>" + reps, body=body, binds=binds)


def test_a_count_beyond_all_measure_makes_no_more_than_is_allowed() -> None:
    body = '<group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n"/></group>'
    with at_once(6):
        filled = session("<n/><r><a/></r>", body=body)
        filled.answer("/data/n", "1e300")
    assert filled.view("/data/r").count <= 10_000


def test_repeats_in_repeats_do_not_multiply_for_ever() -> None:
    body = (
        '<group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n">'
        '<group ref="/data/r/q"><repeat nodeset="/data/r/q" jr:count="/data/n"/></group>'
        "</repeat></group>"
    )
    with at_once(12), pytest.raises(EvaluationError):
        session("<n>10000</n><r><q><a/></q></r>", body=body)


@pytest.mark.parametrize(
    "calculate", ["/data/a + 1", "/data/b", "count(/data/*) + /data/b", "concat(/data/b, 'x')"]
)
def test_what_feeds_on_itself_is_refused_or_comes_to_rest(calculate: str) -> None:
    with at_once(), suppress(DependencyCycle, EvaluationError):
        session(
            "<a/><b/>",
            binds=f'<bind nodeset="/data/a" calculate="{calculate}"/>'
            '<bind nodeset="/data/b" calculate="/data/a + 1"/>',
        )


@pytest.mark.parametrize(
    ("element", "body"),
    [
        ("video", "<video ref='/data/a'/>"),
        ("secret", "<secret ref='/data/a'/>"),
        ("input", "<input ref='/data/nowhere'/>"),
        ("select1", "<select1/>"),
        ("itemset", "<select1 ref='/data/a'><itemset/></select1>"),
    ],
)
def test_an_element_that_cannot_be_is_named_with_its_line(element: str, body: str) -> None:
    with pytest.raises((InvalidForm, UnsupportedFeature)) as refused:
        form("<a/>", body=body)
    assert refused.value.fields["element"] == element
    assert refused.value.fields["line"] == 8
    assert refused.value.fields.get("reason") or refused.value.fields.get("feature")


@pytest.mark.parametrize("kind", ["int", "date", "geopoint"])
def test_a_default_that_is_no_value_of_its_type_does_no_harm(kind: str) -> None:
    filled = session("<a>nonsense</a>", binds=f'<bind nodeset="/data/a" type="{kind}"/>')
    assert filled.view("/data/a").data_type == kind


def test_lists_that_are_none_are_refused_by_name() -> None:
    for name, content in (
        ("l.csv", b"\xff\xfe\0"),
        ("l.geojson", b"[" * 100_000),
        ("l.geojson", b"{}"),
        ("l.xml", b"<a"),
        ("l.xml", BOMB.encode() + b"<a>&a29;</a>"),
    ):
        source = xform("<a/>", model=f'<instance id="l" src="jr://file/{name}"/>')
        with at_once(), pytest.raises((InvalidForm, MalformedXml)):
            load_form(source, {name: content})
