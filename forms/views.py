"""What a session shows and says: frozen values, safe to hand to any window or script.

A *ref* is the absolute path of a node in the instance, `/data/household/member[2]/name`:
positions count from 1 and stand on repeat instances only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "root",
    "group",
    "repeat-range",  # all instances of one repeat, in order
    "repeat-instance",
    "input",  # text, integer, decimal, date, time, dateTime, geopoint, geotrace, geoshape, barcode
    "select-one",
    "select-multiple",
    "rank",
    "range",
    "trigger",  # acknowledge
    "upload",  # image, audio, video, file, signature (appearance)
    "note",  # a read-only question that carries a label or hint and no calculation
    "value",  # no control in the body
]
Condition = Literal["required", "constraint"]


@dataclass(frozen=True)
class Media:
    """File names as the form gives them (`jr://images/a.png`), or None."""

    image: str | None = None
    big_image: str | None = None
    audio: str | None = None
    video: str | None = None


@dataclass(frozen=True)
class Choice:
    """One choice of a select.

    Attributes:
        value: What stands in the instance.
        label: Text in the session's language, Markdown as written, outputs resolved.
    """

    value: str
    label: str
    media: Media = Media()


@dataclass(frozen=True)
class Problem:
    """Why an answer cannot stand.

    Attributes:
        message: The form's own words in the session's language; "" when the form has none.
    """

    ref: str
    condition: Condition
    message: str


@dataclass(frozen=True)
class Range:
    """Bounds of a range question, as decimal text."""

    start: str
    end: str
    step: str


@dataclass(frozen=True)
class NodeView:
    """One node of the form as it stands now.

    Attributes:
        data_type: XForms type of the bind: string, int, decimal, boolean, date, time, dateTime,
            geopoint, geotrace, geoshape, binary, barcode, intent.
        parent: Ref of the enclosing node; "" for the root.
        answer: Value as it stands in the instance; "" while unanswered or not relevant.
            Multiple selections are separated by one space.
        label, hint, guidance: Markdown as written, outputs resolved; "" when absent.
        short: The label where there is little room; "" when the form has none.
        required_now: Whether `required` holds at this moment.
        problem: The constraint that fails now; a missing required answer is a problem
            only after `Session.check`.
        count: Number of instances (repeat-range only).
        can_add, can_remove: Whether the person may add or remove instances
            (repeat-range, repeat-instance).
        media_accept: `mediatype` of an upload, such as "image/*"; "" otherwise.
        attributes: Additional attributes of control and bind, by Clark name.
    """

    ref: str
    kind: Kind
    data_type: str
    parent: str
    relevant: bool
    read_only: bool
    required: bool
    answer: str = ""
    label: str = ""
    hint: str = ""
    guidance: str = ""
    short: str = ""
    appearance: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    problem: Problem | None = None
    media: Media = Media()
    count: int = 0
    can_add: bool = False
    can_remove: bool = False
    range: Range | None = None
    media_accept: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What an operation changed, so that a window repaints that and nothing else.

    Attributes:
        refs: Nodes whose view may differ now, in document order.
        structure: Whether nodes appeared, vanished or moved (repeats).
        problem: The constraint that the answer just given breaks, if any.
    """

    refs: tuple[str, ...]
    structure: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class Delivery:
    """How the author of the form wants its submissions sent; None where the form says nothing.

    Attributes:
        action: URL to post them to; "" for the server's usual one.
        public_key: Base64 RSA key; a submission leaves this computer only encrypted for it.
        auto_send: Send as soon as there is a connection.
        auto_delete: Delete once sent.
        client_editable: Whether a sent submission may be corrected here.
    """

    action: str = ""
    public_key: str = ""
    auto_send: bool | None = None
    auto_delete: bool | None = None
    client_editable: bool | None = None


@dataclass(frozen=True)
class Entity:
    """What a submission says of one thing that outlives it: a row of an entity list.

    Attributes:
        list_name: The list (dataset) that it belongs to.
        id: UUID.
        create, update: Which of the two the submission asks for; neither is possible.
        base_version, trunk_version, branch_id: As `entities` has them; "" for none.
        values: Properties by name.
    """

    list_name: str
    id: str
    create: bool
    update: bool
    label: str
    base_version: str
    trunk_version: str
    branch_id: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Submission:
    """Finalised answers, ready to be stored once and sent.

    Attributes:
        xml: UTF-8 instance document, non-relevant nodes left out.
        attachments: File names that the document refers to, in document order.
        instance_id: `uuid:...`.
        instance_name: What the form calls this submission; "" when it says nothing.
        made: Attachments that the engine itself made, such as the audit log, by name.
        delivery: How the form wants it sent; `forms.encryption.encrypt` where it has a key.
        entities: What it creates and updates in entity lists.
        encrypted: Files of an encrypted submission by name; empty otherwise.
    """

    xml: bytes
    attachments: tuple[str, ...]
    instance_id: str
    instance_name: str
    made: Mapping[str, bytes] = field(default_factory=dict)
    delivery: Delivery = Delivery()
    entities: tuple[Entity, ...] = ()
    encrypted: Mapping[str, bytes] = field(default_factory=dict)
