"""What was put away is forgotten: no form that was closed, no store that was locked."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from desktop import hands
from desktop.demo import PASSWORD
from desktop.journey import Clerk
from tests.journeys.shell import finish

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def held_by_nobody(*kept: Callable[[], object]) -> bool:
    """Whether all of these are gone, once Qt and Python have cleared up."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    gc.collect()
    return gone(*kept)


def gone(*kept: Callable[[], object]) -> bool:
    return all(each() is None for each in kept)


def test_a_closed_form_and_a_locked_store_are_held_by_nobody(clerk: Clerk) -> None:
    clerk.sign_in(PASSWORD, "li")
    form = clerk.begin("gljt")
    hands.press(form.accept_button)
    left = weakref.ref(form.filling), weakref.ref(form.filling.session)
    form.close()
    del form
    clerk.until(lambda: held_by_nobody(*left), "the form that was closed to be forgotten")
    form = clerk.begin("gljt")
    sample = dict(clerk.desk.office.catalogue.get("gaoling-jintie").sample)
    clerk.fill(form, sample)
    accepted = weakref.ref(form.filling), weakref.ref(form.filling.session)
    case_id = clerk.accept(form)
    del form
    clerk.until(lambda: held_by_nobody(*accepted), "the form that was accepted to be forgotten")
    clerk.send()
    clerk.until(lambda: not clerk.desk.case(case_id).line.unsent, "the receipt")
    clerk.begin("gljt")
    store, office = weakref.ref(clerk.desk.office.store), weakref.ref(clerk.desk.office)
    gc.disable()  # locking itself clears up
    try:
        clerk.window.locked.emit()
        clerk.until(lambda: gone(store, office), "the locked store to be forgotten")
    finally:
        gc.enable()
    finish(clerk)
