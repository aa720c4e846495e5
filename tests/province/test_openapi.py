"""The OpenAPI document is what the code says, and the province answers nothing that it does not.

`LASTMILE_API_EXAMPLES` sets the number of requests made up for each operation.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from province import demo, openapi
from province.app import Limits, open_province
from province.gate import Rate
from tests.province.packages import load
from tests.province.shapes import TestDevice, body, submission
from tests.province.site import served

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
EXAMPLES = int(os.environ.get("LASTMILE_API_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
SECRET = "绝密张三"  # stands in a case of the other office alone


@schemathesis.serializer("application/offset+octet-stream")
def write_chunk(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass
class Offices:
    """An office with a secret case, and a device of another office that asks."""

    url: str
    device: TestDevice
    path: str
    digest: str


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, module_url: str) -> Iterator[Offices]:
    folder = tmp_path_factory.mktemp("province")
    many = Rate(100_000, 100_000)
    limits = Limits(many, many, many)
    services = load(folder / "services")
    province = open_province(
        folder / "data", services=services, database_url=module_url, limits=limits
    )
    demo.fill(province)
    with served(province) as url, httpx.Client(base_url=url) as http:
        owner = TestDevice(province, http, "qingshan")
        case, ident, _ = submission(1)
        path = f"/cases/{case}/submissions/{ident}"
        members = body(1, [b"secret scan"]) | {"applicant": {"name": SECRET, "id_no": ""}}
        sent = owner.call("PUT", path, json=members)
        digest = sent.json()["missing"][0]
        owner.call("PUT", f"/uploads/{digest}", headers={"Upload-Length": "11"})
        yield Offices(url, TestDevice(province, http, "hongqi"), path, digest)


def test_the_document_is_what_the_code_says() -> None:
    assert openapi.write() == DOCUMENT.read_text(encoding="utf-8"), (
        "write it anew: python -m province.openapi > docs/openapi.json"
    )


SCHEMA = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_every_made_up_request_gets_a_documented_answer(
    operation: APIOperation[Any, Any, Any, Any],
    offices: Offices,
) -> None:
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        headers = {**dict(case.headers or {}), **offices.device.headers}
        answer = case.call(base_url=offices.url, headers=headers)
        case.validate_response(answer, checks=CHECKS)
        assert SECRET not in answer.text

    ask()


def test_an_office_reads_nothing_of_another(offices: Offices) -> None:
    other = offices.device
    assert other.call("HEAD", f"/uploads/{offices.digest}").status_code == 404
    chunk = {"Upload-Offset": "0", "Upload-Checksum": "sha256 " + "A" * 43 + "="}
    assert other.call("PATCH", f"/uploads/{offices.digest}", headers=chunk).status_code == 404
    assert other.call("POST", "/relay", json={"sha256": offices.digest}).status_code == 404
    stolen = other.call("PUT", offices.path, json=body(1, [b"secret scan"]))
    assert stolen.status_code == 403
    assert stolen.json()["type"] == "urn:lastmile:problem:not-your-case"
    ident = offices.path.rpartition("/")[2]
    held = other.call("POST", "/submissions:held", json={"submissions": [ident]})
    assert held.json() == {"missing": [ident]}
    assert other.call("GET", "/events").json()["events"] == []


def test_without_a_token_nothing_but_the_open_requests_is_answered(offices: Offices) -> None:
    for operation in OPERATIONS:
        if operation.definition.raw.get("security"):
            path = re.sub(r"\{\w+\}", "x", operation.path)
            answer = httpx.request(operation.method, offices.url + path, content=b"x" * 100)
            assert answer.status_code == 401, operation.label
