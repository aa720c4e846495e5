"""`search('list', 'contains', 'columns', text)` in an appearance: choices out of a CSV file.

It becomes an itemset, so that it is filtered, cached and kept current as any other.

Spec: https://docs.getodk.org/form-question-types/#dynamic-selects-from-pre-loaded-data
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.errors import InvalidForm

_CALL = re.compile(r"search\s*\(", re.I)
_LITERAL = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\")\s*\Z")
_COLUMN = re.compile(r"[^\W\d][\w.\-]*\Z")
# A path that begins at the question; inside a predicate it would begin at the row.
_RELATIVE = re.compile(r"(?<![\w./\])*])(?=\.\.?(?:/|\s|\Z|[,)]))")
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_EXACTLY = "'matches'"
_MATCHERS = {
    "contains": "contains({column}, {text})",
    "startswith": "starts-with({column}, {text})",
    "endswith": "ends-with({column}, {text})",
    "matches": "{exact} = {wanted}",
}


@dataclass(frozen=True)
class Search:
    """A search as the author wrote it.

    Attributes:
        list_name: Name of the CSV file, without its ending; also of the instance.
        nodes: The rows that are found, XPath.
        rest: The appearance without the search.
    """

    list_name: str
    nodes: str
    rest: str


def read_search(appearance: str, line: int) -> Search | None:
    """The search in `appearance`; None when there is none.

    Raises:
        InvalidForm: It does not say which list, an unknown way to match, or a name that no column
            can have.
    """
    begin = _CALL.search(appearance)
    if begin is None:
        return None
    arguments, end = _arguments(appearance, begin.end(), line)
    name = _literal(arguments[0], line).removesuffix(".csv")
    if len(arguments) not in {1, 4, 6} or not _COLUMN.match(name):
        raise _wrong("search() takes a list, or also how, where and what to match", line)
    conditions = ""
    if len(arguments) > 3:
        conditions += f"[{_condition(arguments[1], arguments[2], arguments[3], line)}]"
    if len(arguments) > 5:
        conditions += f"[{_condition(_EXACTLY, arguments[4], arguments[5], line)}]"
    rest = appearance[: begin.start()] + " " + appearance[end:]
    return Search(name, f"instance('{name}')/root/item{conditions}", rest)


def label_of_row(columns: str, line: int) -> str:
    """The label of a row, XPath: one column, or several divided by commas.

    Raises:
        InvalidForm: A name that no column can have.
    """
    names = _columns(columns, line)
    between = ", ', ', "
    return names[0] if len(names) == 1 else f"concat({between.join(names)})"


def _condition(how: str, where: str, what: str, line: int) -> str:
    pattern = _MATCHERS.get(_literal(how, line).lower())
    if pattern is None:
        raise _wrong("search() matches by contains, startswith, endswith or matches", line)
    wanted = f"string({_RELATIVE.sub('current()/', what.strip())})"
    return " or ".join(
        pattern.format(column=_folded(name), text=_folded(wanted), exact=name, wanted=wanted)
        for name in _columns(_literal(where, line), line)
    )


def _folded(value: str) -> str:
    return f"translate({value}, '{_UPPER}', '{_LOWER}')"


def _columns(written: str, line: int) -> list[str]:
    names = [name.strip() for name in written.split(",")]
    if not all(_COLUMN.match(name) for name in names):
        raise _wrong("search() names a column that cannot be", line)
    return names


def _literal(argument: str, line: int) -> str:
    match = _LITERAL.match(argument)
    if match is None:
        raise _wrong("search() needs names in quotes", line)
    return (match[1] or match[2] or "").strip()


def _arguments(text: str, at: int, line: int) -> tuple[list[str], int]:
    """What stands between the bracket before `at` and its partner; and where that ends."""
    found, begin, depth, quote = [], at, 0, ""
    for end in range(at, len(text)):
        character = text[end]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and depth == 0:
            found.append(text[begin:end])
            begin = end + 1
        elif character == ")" and depth == 0:
            return [*found, text[begin:end]], end + 1
        else:
            depth += (character == "(") - (character == ")")
    raise _wrong("search() is not closed", line)


def _wrong(reason: str, line: int) -> InvalidForm:
    return InvalidForm(element="appearance", line=line, reason=reason)
