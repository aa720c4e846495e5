"""A form that is refused says at which element and line; a relative reference is none of them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from casework.cli import app
from forms import load_form
from forms.errors import UnknownFunction

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>t</h:title><model>
<instance><data id="t"><name/><own><age/></own><town/></data></instance>
{more}
<bind nodeset="name" required="true()"/>
<bind nodeset="/data/own/age" relevant="{rule}"/>
</model></h:head>
<h:body><input ref="current()/name"><label>n</label></input>
<group ref="/data/own"><input ref="./age"><label>a</label></input></group>
{control}</h:body></h:html>"""
LIST = '<instance id="towns" src="jr://file-csv/towns.csv"/>'
CHOICE = """<select1 ref="/data/town"><label>t</label>
<itemset nodeset="instance('towns')/root/item"><value ref="name"/><label ref="label"/></itemset>
</select1>"""


def form(*, more: str = "", rule: str = "/data/name = 'a'", control: str = "") -> bytes:
    return FORM.format(more=more, rule=rule, control=control).encode()


def check(path: Path) -> tuple[int, list[str]]:
    told = CliRunner().invoke(app, ["service", "check", str(path), "--json"])
    findings: list[str] = json.loads(told.stdout)["findings"]
    return told.exit_code, findings


def test_relative_references_start_at_the_group_or_at_the_root() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    session = load_form(form()).new_session(
        now=lambda: now, today=now.date, new_id=lambda: "x", random=lambda: 0.5
    )
    assert session.view("/data/name").required
    assert not session.view("/data/own/age").relevant
    session.answer("/data/name", "a")
    assert session.view("/data/own/age").relevant


def test_an_unknown_function_is_refused_with_its_bind_and_line() -> None:
    with pytest.raises(UnknownFunction) as refused:
        load_form(form(rule="nope(1)"))
    assert refused.value.fields["element"] == "bind"
    assert refused.value.fields["line"] == 6


def test_the_check_takes_the_lists_that_lie_beside_a_form_or_in_its_media_folder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "towns-form.xml"
    path.write_bytes(form(more=LIST, control=CHOICE))
    code, findings = check(path)
    assert code == 1
    assert "towns.csv" in findings[0]
    (tmp_path / "towns-form-media").mkdir()
    (tmp_path / "towns-form-media" / "towns.csv").write_text("name,label\na,A\n")
    assert check(path) == (0, [])
