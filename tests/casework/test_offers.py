"""The province's word on what an office offers: nobody between them changes or keeps it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework import link, packages
from sync.http import Answer
from sync.providers.session import DeviceSession
from sync.signed import canonical
from tests.casework.packages_scene import OFFICES, SERVICE, Scene, publishing


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with publishing(tmp_path) as made:
        yield made


Tampering = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def somebody_between(tamper: Tampering) -> Iterator[None]:
    """Who broke TLS: what the province says of its offers passes through his hands."""
    ask = DeviceSession.ask

    def asked(self: DeviceSession, method: str, path: str, **given: Any) -> Answer:
        answer = ask(self, method, path, **given)
        if not path.startswith("/catalogue"):
            return answer
        return replace(answer, body=json.dumps(tamper(answer.json())).encode())

    with pytest.MonkeyPatch.context() as line:
        line.setattr(DeviceSession, "ask", asked)
        yield


def _says_more(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "recalled": [{"id": SERVICE, "version": "2"}]}


def _another_version(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "services": [{**said["services"][0], "version": "1"}]}


def _unsigned(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("services", "recalled")}


def _another_key(said: dict[str, Any]) -> dict[str, Any]:
    key = Ed25519PrivateKey.generate()
    data = b64decode(said["offer"]["offer"])
    signature = b64encode(key.sign(b"lastmile/1 offer\n" + data)).decode()
    return {**said, "offer": {**said["offer"], "signature": signature}}


def _for_another_use(said: dict[str, Any]) -> dict[str, Any]:
    data = b64decode(said["offer"]["offer"])
    later = {**json.loads(data), "sequence": 2**50}
    return {**said, "offer": {**said["offer"], "offer": b64encode(canonical(later)).decode()}}


def _says_nothing(said: dict[str, Any]) -> dict[str, Any]:
    return {"offer": said["offer"]}


TAMPERINGS = (
    _says_more,
    _another_version,
    _unsigned,
    _another_key,
    _for_another_use,
    _says_nothing,
)


def test_what_somebody_between_says_is_offered_changes_nothing(scene: Scene) -> None:
    window = scene.window()
    scene.publish("2", question="子女姓名")
    scene.release("2", percent=100)
    before = window.look()
    assert window.offered == [("2", False)]
    scene.publish("3")
    scene.release("3", percent=100)
    for tamper in TAMPERINGS:
        with somebody_between(tamper):
            state = window.look()
        assert (state.error, state.told_at) == ("S184", before.told_at), tamper
        assert window.offered == [("2", False)], tamper
    window.enter()  # nor on another day
    assert window.offered == [("2", False)]
    assert window.look().error == ""
    assert window.offered == [("3", False)]


def test_an_old_offer_and_one_of_another_office_are_not_taken(scene: Scene) -> None:
    one, two = (scene.window(name) for name in OFFICES)
    heard: list[dict[str, Any]] = []

    def listen(said: dict[str, Any]) -> dict[str, Any]:
        heard.append(said)
        return said

    with somebody_between(listen):
        one.look()
        scene.publish("2")
        scene.release("2", percent=100)
        one.look()
        newest = one.look()
    for said in heard:
        with somebody_between(lambda _said, old=said: old):  # type: ignore[misc]
            state = one.look()
            assert (state.error, state.told_at) == ("S185", newest.told_at)
            assert two.look().error == "S184"
    assert (one.offered, two.offered) == ([("2", False)], [("1", False)])
    scene.recall("2")
    assert (one.look().error, two.look().error) == ("", "")
    assert one.offered == [("1", False)]


def test_a_province_whose_clock_was_put_back_is_still_believed(scene: Scene) -> None:
    window = scene.window()
    window.look()
    scene.province.now_ms = lambda: 1_000_000_000_000
    scene.publish("2")
    scene.release("2", percent=100)
    provider = link.provider(window.office.store)
    told = provider.offers("qingshan", packages._told(window.office))
    provider.close()
    assert [each.version for each in told.offers] == ["2"]
