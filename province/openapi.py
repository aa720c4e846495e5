"""Writes `docs/openapi.json` anew: `python -m province.openapi > docs/openapi.json`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from province.app import create_app, open_province
from province.asking import Problem
from province.gate import PROTOCOL
from province.packages import Services

DIGEST = {"schema": {"type": "string"}, "description": "SHA-256 of the content (RFC 9530)."}
DIGEST_REF = {"$ref": "#/components/headers/Content-Digest"}
HEADER = {"schema": {"type": "string", "const": PROTOCOL}, "required": True}


def describe(app: FastAPI) -> dict[str, Any]:
    """The protocol as an OpenAPI 3.1 document."""
    said = app.openapi()
    schemas = said["components"]["schemas"]
    problem = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in said["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                answer.setdefault("headers", {})["Lastmile-Protocol"] = HEADER
                if "content" in answer:
                    answer["headers"]["Content-Digest"] = DIGEST_REF
                if status in ("429", "503", "507"):
                    wait = {"schema": {"type": "integer"}, "description": "Seconds to wait."}
                    answer["headers"]["Retry-After"] = wait
    said["components"]["headers"] = {"Content-Digest": DIGEST}
    said["servers"] = [{"url": "/"}]
    return said


def write() -> str:
    """The document as text, with a line end."""
    with tempfile.TemporaryDirectory() as folder:
        province = open_province(Path(folder), services=Services({}))
        try:
            said = describe(create_app(province))
        finally:
            province.database.close()
    return json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write())
