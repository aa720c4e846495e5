"""Characters that nobody sees but that change what people read: controls, turned writing, tags.

Marks that scripts of the mainland's minorities need (ZWJ, ZWNJ, LRM, RLM) are left alone.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def has_unseen(text: str) -> bool:
    """Whether the text holds one."""
    return _UNSEEN.search(text) is not None
