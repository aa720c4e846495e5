"""Sentences one after another, as their language sets them."""

from __future__ import annotations

_FULL_WIDTH = "。！？；：，"  # these bring their own space


def joined(*sentences: str) -> str:
    """The sentences that say something: with a space between, but none after a full-width stop."""
    text = ""
    for each in filter(None, sentences):
        text += each if not text or text[-1] in _FULL_WIDTH else f" {each}"
    return text
