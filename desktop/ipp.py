"""Questions to a print system and its answers as bytes, without any I/O.

Only what reading a queue needs: text, numbers and keywords. Spec: RFC 8010 (encoding), RFC 8011
(operations and states).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Value = int | bool | str
Group = dict[str, list[Value]]

GET_JOB = 0x0009
GET_PRINTER = 0x000B
GET_PRINTERS = 0x4002  # CUPS' own
OK_BELOW = 0x0100
NOT_FOUND = 0x0406

_OPERATION, _JOB, _END, _PRINTER = 0x01, 0x02, 0x03, 0x04
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48


class Garbled(ValueError):
    """The bytes are no IPP answer."""


def ask(operation: int, uris: Mapping[str, str], wanted: Sequence[str]) -> bytes:
    """A request for some attributes.

    Args:
        operation: Such as `GET_JOB`.
        uris: What is asked about, such as {"job-uri": "ipp://localhost/jobs/3"}.
        wanted: Names of attributes.
    """
    parts = [b"\x02\x00", operation.to_bytes(2, "big"), (1).to_bytes(4, "big"), bytes([_OPERATION])]
    parts.append(_attribute(_CHARSET, "attributes-charset", "utf-8"))
    parts.append(_attribute(_LANGUAGE, "attributes-natural-language", "en"))
    parts += [_attribute(_URI, name, uri) for name, uri in uris.items()]
    for position, name in enumerate(wanted):
        parts.append(_attribute(_KEYWORD, "" if position else "requested-attributes", name))
    return b"".join((*parts, bytes([_END])))


def read(answer: bytes) -> tuple[int, list[Group]]:
    """Status code, and the groups that tell of jobs or printers.

    Raises:
        Garbled: Cut off, or something else altogether.
    """
    groups: list[Group] = []
    group: Group = {}
    name, at = "", 8
    try:
        status = int.from_bytes(answer[2:4], "big")
        while (tag := answer[at]) != _END:
            at += 1
            if tag < 0x10:
                group, name = {}, ""
                if tag in (_JOB, _PRINTER):
                    groups.append(group)
                continue
            word, at = _field(answer, at)
            value, at = _field(answer, at)
            name = word.decode("utf-8", "replace") or name
            group.setdefault(name, []).append(_value(tag, value))
    except IndexError:
        raise Garbled from None
    return status, groups


def _attribute(tag: int, name: str, value: str) -> bytes:
    return bytes([tag]) + b"".join(
        len(each).to_bytes(2, "big") + each for each in (name.encode(), value.encode())
    )


def _field(answer: bytes, at: int) -> tuple[bytes, int]:
    start = at + 2
    end = start + int.from_bytes(answer[at:start], "big")
    if start > len(answer) or end > len(answer):
        raise Garbled
    return answer[start:end], end


def _value(tag: int, value: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int.from_bytes(value, "big", signed=True)
    if tag == _BOOLEAN:
        return value != b"\x00"
    return value.decode("utf-8", "replace")
