"""Base45: bytes as the characters that a QR packs best. Spec: RFC 9285."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """`data` in Base45."""
    out: list[str] = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            out.append(ALPHABET[digit])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes of a Base45 text.

    Raises:
        ValueError: Not Base45. The text is not quoted.
    """
    if len(text) % 3 == 1 or any(character not in _VALUE for character in text):
        raise ValueError("not Base45")
    out = bytearray()
    for start in range(0, len(text), 3):
        digits = [_VALUE[character] for character in text[start : start + 3]]
        value = sum(digit * 45**place for place, digit in enumerate(digits))
        size = len(digits) - 1
        if value >= 256**size:
            raise ValueError("not Base45")
        out += value.to_bytes(size)
    return bytes(out)
