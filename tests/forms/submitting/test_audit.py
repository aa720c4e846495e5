"""The audit log, https://getodk.github.io/xforms-spec/client-audit-logs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from itertools import count

import pytest

from forms import Form, Session
from forms.errors import NotAllowed, UnsupportedFeature
from forms.views import Submission
from tests.forms.kit import NOW, around, form

START_MS = round(NOW.timestamp() * 1000)


def audited(attributes: str = 'odk:track-changes="true"') -> Form:
    return form(
        "<a/><b/><m jr:template=''><n/></m><meta><audit/><instanceID/></meta>",
        binds=f'<bind nodeset="/data/meta/audit" type="binary" {attributes}/>'
        '<bind nodeset="/data/b" required="true()"/>',
        body='<input ref="/data/a"/><input ref="/data/b"/>'
        '<group ref="/data/m"><repeat nodeset="/data/m"><input ref="/data/m/n"/></repeat></group>',
    )


def begun(of: Form, **more: str) -> Session:
    """A session whose clock goes on by a second each time it is read."""
    seconds = count()
    given = around()
    given["now"] = lambda: NOW + timedelta(seconds=next(seconds))
    return of.new_session(**given, properties=more)


def log_of(content: bytes | None) -> list[dict[str, str]]:
    assert content is not None
    return list(csv.DictReader(io.StringIO(content.decode())))


def finished(session: Session, reason: str = "") -> Submission:
    done = session.finalise(reason=reason)
    assert isinstance(done, Submission)
    return done


def test_the_log_is_an_attachment_that_the_submission_names() -> None:
    session = begun(audited())
    session.answer("/data/b", "x")
    done = finished(session)
    assert b"<audit>audit.csv</audit>" in done.xml
    assert done.attachments == ("audit.csv",)
    events = [row["event"] for row in log_of(done.made["audit.csv"])]
    assert events == ["form start", "question", "form save", "form exit", "form finalize"]


def test_a_question_is_logged_with_its_time_and_both_answers() -> None:
    session = begun(audited())
    session.look(["/data/a"])
    session.answer("/data/a", "1")
    session.answer("/data/a", "2, 3")
    session.look(["/data/b"])
    start, question = log_of(session.audit_log())
    assert start["start"] == str(START_MS)
    assert (question["node"], question["old-value"], question["new-value"]) == (
        "/data/a",
        "",
        "2, 3",
    )
    assert int(question["end"]) - int(question["start"]) == 1000


def test_answers_are_not_in_the_log_unless_the_form_asks_for_them() -> None:
    session = begun(audited(""))
    session.answer("/data/a", "secret")
    assert b"secret" not in (session.audit_log() or b"")
    assert "old-value" not in log_of(session.audit_log())[0]


def test_repeats_and_failed_attempts_are_logged() -> None:
    session = begun(audited())
    session.add_repeat("/data/m")
    session.remove_repeat("/data/m[1]")
    assert not isinstance(session.finalise(), Submission)  # b is missing
    rows = [(row["event"], row["node"]) for row in log_of(session.audit_log())]
    assert rows == [
        ("form start", ""),
        ("add repeat", "/data/m"),
        ("delete repeat", "/data/m[1]"),
        ("constraint error", ""),
    ]


def test_the_log_goes_on_when_a_draft_is_resumed() -> None:
    made = audited()
    session = begun(made)
    session.answer("/data/a", 'say "no", twice\nor more')
    again = made.resume(session.xml(), **around(), audit=session.audit_log())
    rows = log_of(again.audit_log())
    assert [row["event"] for row in rows] == ["form start", "question", "form resume"]
    assert rows[1]["new-value"] == 'say "no", twice\nor more'


def test_who_fills_in_is_logged_where_the_form_asks() -> None:
    session = begun(audited('odk:identify-user="true"'), username="clerk-7")
    assert log_of(session.audit_log())[0]["user"] == "clerk-7"


def test_a_correction_needs_a_reason_where_the_form_asks() -> None:
    made = audited('odk:track-changes-reasons="on-form-edit"')
    first = begun(made)
    first.answer("/data/b", "x")
    edited = made.edit(finished(first).xml, **around())
    edited.answer("/data/b", "y")
    with pytest.raises(NotAllowed):
        edited.finalise()
    rows = log_of(finished(edited, "typing error").made["audit.csv"])
    assert [row["change-reason"] for row in rows if row["event"] == "change reason"] == [
        "typing error"
    ]


@pytest.mark.parametrize("name", ["location-priority", "location-min-interval"])
def test_a_log_of_positions_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedFeature) as refused:
        audited(f'odk:{name}="60"')
    assert refused.value.fields["line"]
    assert name in str(refused.value.fields["feature"])


def test_quotes_stand_only_where_the_specification_wants_them() -> None:
    session = begun(audited())
    session.answer("/data/a", 'a "word"')
    assert b',a "word"\n' in (session.audit_log() or b"")


def test_a_form_without_an_audit_has_no_log() -> None:
    session = form("<a/>").new_session(**around())
    session.look(["/data/a"])
    assert session.audit_log() is None
