"""In which direction a language of a form is written.

Forms name their languages freely: "Arabic (ar)", "العربية", "ug". A tag in brackets decides, else
the name, else the script that the name is written in.

Spec: https://getodk.github.io/xforms-spec/#languages
"""

from __future__ import annotations

import re
import unicodedata

_TAG = re.compile(
    r"\(([A-Za-z]{2,3})(?:[-_]([A-Za-z]+))?[^()]*\)\s*\Z|\A([a-z]{2,3})(?:[-_]([A-Za-z]+))?\Z"
)
_LANGUAGES = frozenset(
    [
        "ar",
        "arc",
        "arz",
        "azb",
        "bcc",
        "bqi",
        "ckb",
        "dv",
        "fa",
        "glk",
        "ha-arab",
        "he",
        "iw",
        "khw",
        "ks",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "prs",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
        "ydd",
    ]
)
_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_NAMES = frozenset(
    [
        "arabic",
        "aramaic",
        "dari",
        "dhivehi",
        "divehi",
        "farsi",
        "hebrew",
        "kashmiri",
        "pashto",
        "persian",
        "sindhi",
        "sorani",
        "syriac",
        "urdu",
        "uighur",
        "uyghur",
        "yiddish",
    ]
)


def right_to_left(language: str | None) -> bool:
    """Whether the language that a form calls `language` is written from right to left."""
    if not language:
        return False
    match = _TAG.search(language.strip())
    if match:
        tag, script = match[1] or match[3], match[2] or match[4] or ""
        if len(script) == 4:
            return script.lower() in _SCRIPTS
        return tag.lower() in _LANGUAGES
    words = re.split(r"[^\w]+", language.lower())
    if _NAMES.intersection(words):
        return True
    kinds = [unicodedata.bidirectional(character) for character in language]
    strong = next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L")
    return strong != "L"
