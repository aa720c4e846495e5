"""Private-use characters of old Chinese systems and the characters that stand for them today.

GB 18030-2000 had to borrow private code points; GB 18030-2005 and 2022 gave them real ones.
Spec: GB 18030-2022, appendix on changed code points.
"""

from collections.abc import Mapping


def _table() -> Mapping[int, int]:
    radicals = (
        "2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 359E 361A 360E 2E8C 2E97 396E "
        "3918 9FB5 39CF 39DF 3A73 39D0 9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 2EAA 4056 "
        "415F 2EAE 4337 2EB3 2EB6 2EB7 2298F 43B1 43AC 2EBB 43DD 44D6 4661 464C 9FB9 4723 "
        "4729 477C 478D 2ECA 4947 497A 497D 4982 4983 4985 4986 499F 499B 49B7 49B6 9FBA "
        "241FE 4CA3 4C9F 4CA0 4CA1 4C77 4CA2 4D13 4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB"
    )
    forms = "FE10 FE12 FE11 FE13 FE14 FE15 FE16 FE17 FE18 FE19"
    found = {0xE7C7: 0x1E3F, 0xE7C8: 0x01F9}
    found |= {0xE815 + at: int(code, 16) for at, code in enumerate(radicals.split())}
    found |= {0xE78D + at: int(code, 16) for at, code in enumerate(forms.split())}
    return found


STANDARD = _table()


def is_private(character: str) -> bool:
    """Whether no standard says what this character looks like."""
    code = ord(character)
    return 0xE000 <= code <= 0xF8FF or 0xF0000 <= code <= 0x10FFFF


def standard(character: str) -> str | None:
    """The character to type instead of a private one, where that is known."""
    code = STANDARD.get(ord(character))
    return None if code is None else chr(code)
