"""Recorded behaviour of a peer that differs from ours, and the sentence that decides it.

Keys are ids of the recorded corpus. A test fails when one of them agrees after all, or when a
difference is not explained here.
"""

from __future__ import annotations

from dataclasses import dataclass

XPATH = "https://www.w3.org/TR/1999/REC-xpath-19991116/"


@dataclass(frozen=True)
class Difference:
    """Some records, and why ours differs.

    Attributes:
        ids: Ids of records; an id may end with `*`.
        peer, ours: What each does.
        decided: What the specification says, in our words.
        anchor: Where it says so.
    """

    ids: tuple[str, ...]
    peer: str
    ours: str
    decided: str
    anchor: str


XPATH_DIFFERENCES = (
    Difference(
        ("native/axis:276#1", "native/axis:760#1", "native/axis:880#1", "native/axis:892#1",
         "native/axis:912#1"),
        "a document type declaration is a node beside the root element",
        "it is none",
        "The data model knows seven kinds of node; a document type declaration is not one of them.",
        f"{XPATH}#data-model",
    ),
    Difference(
        ("native/node-type:33#1", "native/node-type:41#1"),
        "a CDATA section is a text node of its own beside other text",
        "text that follows text is one text node",
        "A text node never has a text node next to it, and CDATA sections are nothing but text.",
        f"{XPATH}#section-Text-Nodes",
    ),
    Difference(
        ("xforms/round:28#6",),
        "round(-1.5) is -2",
        "it is -1",
        "With one argument round() is that of XPath 1.0: of two nearest integers it takes the one"
        " closer to positive infinity.",
        f"{XPATH}#function-round",
    ),
    Difference(
        ("xforms/date:229#1",),
        "date() of a date-time keeps the time",
        "it is the day at the person's place",
        "date() converts to a string in the format of a date.",
        "#fn:date",
    ),
)  # fmt: skip

SCENARIO_DIFFERENCES = (
    Difference(
        ("repeat:3098", "instance-input:789", "instance-input:789#2", "instance-input:891",
         "instance-input:891#2"),
        "a control whose ref leads nowhere is left out without a word",
        "the form is refused with the element and its line",
        "The ref of a control links it to a node of the primary instance; without one there is no"
        " place for the answer.",
        "#body-elements",
    ),
    Difference(
        ("validity-state:200",),
        "all forms of a text are shown one after the other",
        "the text itself is shown",
        "A text may have further values by form, such as a short one; they stand for it elsewhere"
        " and do not belong to it.",
        "#languages",
    ),
    Difference(
        ("actions-events/multiple-events:23",),
        "a submission may be made without instanceID",
        "finalising gives it one",
        "The instanceID is required: `uuid:` and a fresh UUID.",
        "#metadata",
    ),
    Difference(
        ("instance-attachments/binary-input:68#2",),
        "a corrected submission keeps an instanceID that is neither computed nor preloaded",
        "it always gets a fresh one, and deprecatedID names the old",
        "A revision gets a newly generated instanceID, and its prior value goes to deprecatedID.",
        "#metadata",
    ),
    Difference(
        ("instance-attachments/binary-output:724",),
        "an upload that is not relevant still shows its file",
        "it shows nothing, as every other node",
        "What is not relevant is not presented, and is taken out on submission.",
        "#bind-attributes",
    ),
    Difference(
        ("smoketests/who-va:40", "smoketests/who-va:199"),
        "two dates are 7305.000000000002 days apart",
        "they are 7305 days apart",
        "number() of a date is a count of days; two midnights at one place lie whole days apart.",
        "#fn:number",
    ),
)  # fmt: skip

# Tests of the peer that fail there and have no case of ours in `peers.py`.
LEFT_ALONE = {
    "record-audio-action.test.ts": "odk:recordaudio is named among what a form loses here; nothing"
    " is recorded behind a person's back at a counter.",
    "geo.test.ts:175": "The earth is a sphere of 6,378,100 m for all clients, so that they agree;"
    " an equator of 40,075,017 m would be 0.0006 % longer.",
    "geo.test.ts:366": "As before.",
    "geo.test.ts:425": "As before.",
    "form-definition-validity.test.ts:277": "Read-only that looks at its own value makes no value,"
    " so nothing waits for itself.",
    "form-definition-validity.test.ts:293": "Nor does required.",
    "form.test.ts:39": "`Form.title`, `tests/casework`.",
    "label-hint-text.test.ts:85": "Spaces between outputs are kept, `tests/forms/test_texts.py`.",
    "secondary-instances.test.ts:580": "A choice without the named value is one of an empty value.",
    "secondary-instances.test.ts:688": "A list that is missing is an error with its name: a form"
    " without its choices cannot be filled.",
    "form-init.test.ts:342": "A select without choices is shown without choices; the peer's own"
    " forms have such ones.",
    "form-init.test.ts:459": "An undeclared namespace prefix is no well-formed XML.",
    "form-init.test.ts:509": "The form preloads from a context that the specification does not"
    " list; it is refused with the line.",
    "form-init.test.ts:571": "The order of head and body does not matter to us.",
    "who-va.test.ts:199": "Played without a difference but the days between dates, see above.",
    "validity-state.test.ts:200": "See above.",
    "extract-signed.test.ts": "`tests/forms/conformance/vectors.py`.",
    "indexed-repeat.test.ts:189": "A node outside of the repeat is in none of its instances:"
    " nothing is selected.",
    "axis.test.ts:268": "Document fragments belong to the peer's DOM.",
    "expression-evaluation.test.ts:102": "As before.",
    "number-operator.test.ts:122": "An operator name ends where its letters end; what follows may"
    " be text.",
    "date.test.ts:298": "`tests/forms/conformance/vectors.py`.",
    "format-date.test.ts:57": "A date is written as ISO 8601 has it; other spellings are none.",
    "int.test.ts:46": "`tests/forms/conformance/vectors.py`.",
    "jr-itext.test.ts:264": "`tests/forms/test_texts.py`.",
}
