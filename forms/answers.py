"""Reading and giving answers in whole: languages, labels of what was selected, samples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from forms.errors import FormError
from forms.views import Changes, NodeView


class Speaking(Protocol):
    """What `speak` needs of a session."""

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the form."""

    def set_language(self, name: str) -> Changes:
        """Show labels in a language."""


def speak(session: Speaking, language: str) -> None:
    """Set the form's language for a tag such as `zh_CN` or `en`, where the form has it."""
    wanted = language[:2].lower()
    for name in session.languages:
        if name.lower().startswith(wanted) or f"({wanted}" in name.lower():
            session.set_language(name)
            return


def shown(view: NodeView) -> str:
    """An answer as people read it: labels of what was selected, a tick for what was agreed to."""
    if view.kind in ("select-one", "select-multiple", "rank") and view.choices:
        labels = {choice.value: choice.label for choice in view.choices}
        return "、".join(labels.get(value, value) for value in view.answer.split())
    return "✓" if view.kind == "trigger" and view.answer == "OK" else view.answer


class Repeating(Protocol):
    """What `make_room` needs of a session."""

    def view(self, ref: str) -> NodeView:
        """One node."""

    def add_repeat(self, ref: str) -> object:
        """Add an instance to a range."""


class Answering(Repeating, Protocol):
    """What `give_sample` needs of a session."""

    def answer(self, ref: str, value: object) -> Changes:
        """Put an answer."""


def make_room(session: Repeating, ref: str) -> None:
    """Add the instances of a repeat that `ref`, such as `/data/member[2]/name`, speaks of."""
    if member := re.match(r"(.*)\[(\d+)\]", ref):
        while session.view(member[1]).count < int(member[2]):
            session.add_repeat(member[1])


class Sampled(Protocol):
    """What `give_sample` needs of a package."""

    @property
    def sample(self) -> Mapping[str, str]:
        """Answers by ref."""


def give_sample(package: Sampled, session: Answering) -> tuple[str, ...]:
    """Give the sample's answers; returns the refs that were refused."""
    refused = []
    for ref, answer in package.sample.items():
        make_room(session, ref)
        try:
            if session.answer(ref, answer).problem is not None:
                refused.append(ref)
        except FormError:
            refused.append(ref)
    return tuple(refused)
