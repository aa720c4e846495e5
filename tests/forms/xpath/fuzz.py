"""Random expressions: `python -m tests.forms.xpath.fuzz --count 1000 --seed 1`.

Whatever an expression is, it has a value or it is refused with one of our errors.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time

from forms.errors import FormError
from forms.nodes import document
from forms.xpath import LIBRARY, evaluate

DOCUMENT = document(
    b"<data><a>1</a><b>x y</b><c/><r><n>2</n></r><r><n>3</n></r><d>2024-02-29</d>"
    b"<p>1 2 0 0;3 4 0 0;5 1 0 0</p><e id='k'>-7.5</e></data>"
)
_LEAVES = [
    "0",
    "-1",
    "1.5",
    "1e9",
    ".5",
    "''",
    "'a'",
    "'2024-02-29'",
    "'10:30:00.000+02:00'",
    "'1",
    "2",
    "0",
    "0'",
    "'(a+)+$'",
    "'%Y-%m'",
    ".",
    "..",
    "/data/a",
    "../b",
    "//n",
    "/data/r",
    "@id",
    "*",
    "node()",
    "text()",
    "99999999999999999999",
    "'SHA-256'",
    "'hex'",
    "'['",
    "/data/r[2]/n",
    "current()/a",
    "ancestor::*",
    "following::n",
    "/data/e/@id",
]
_SIGNS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or", "|"]
_NOISE = "()[]/.,@*'\"$:|+-=<> aZ0é\t"


def expression(rng: random.Random, depth: int = 4) -> str:
    """A random expression, most of them well formed."""
    choice = rng.random()
    if depth == 0 or choice < 0.25:
        return rng.choice(_LEAVES)
    if choice < 0.5:
        left, right = expression(rng, depth - 1), expression(rng, depth - 1)
        return f"{left} {rng.choice(_SIGNS)} {right}"
    if choice < 0.9:
        function = LIBRARY[rng.choice(_NAMES)]
        most = function.fewest + 2 if function.most is None else function.most
        given = rng.randint(function.fewest, most)
        return f"{function.name}({', '.join(expression(rng, depth - 1) for _ in range(given))})"
    if choice < 0.96:
        return f"//*[{expression(rng, depth - 1)}]"
    return f"-({expression(rng, depth - 1)})"


_NAMES = sorted(LIBRARY)


def spoil(rng: random.Random, text: str) -> str:
    """`text` with a character put in or taken out."""
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(_NOISE) + text[at + rng.randint(0, 1) :]


def run(count: int, seed: int) -> tuple[int, tuple[float, str]]:
    """Evaluate `count` expressions; how many had a value, the slowest and its seconds."""
    rng = random.Random(seed)
    valued, slowest = 0, (0.0, "")
    for number in range(count):
        if number % 2_000 == 0:
            gc.collect()  # of what the cache of expressions has dropped; no expression's own time
            gc.freeze()
        text = expression(rng)
        if rng.random() < 0.2:
            text = spoil(rng, text)
        begun = time.process_time()
        try:
            evaluate(text, DOCUMENT, DOCUMENT.children[0], {"jr": "http://openrosa.org/javarosa"})
            valued += 1
        except FormError:
            pass
        except BaseException:
            sys.stderr.write(f"raised by {text!r}\n")
            raise
        slowest = max(slowest, (time.process_time() - begun, text))
    return valued, slowest


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Throw random expressions at the engine.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    had_value, longest = run(chosen.count, chosen.seed)
    sys.stdout.write(f"{chosen.count} run, {had_value} with a value\n")
    sys.stdout.write(f"slowest {longest[0]:.3f} s of this process: {longest[1]}\n")
