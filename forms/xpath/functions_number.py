"""Functions on numbers and truth.

Spec: https://getodk.github.io/xforms-spec/#xpath-functions, sections "Number functions" and
"Boolean functions"
"""

from __future__ import annotations

import math
from collections.abc import Callable

from forms.xpath.context import Context
from forms.xpath.functions_text import round_half_up
from forms.xpath.library import function
from forms.xpath.values import NAN, Value, node_number, odk_number, to_number, to_text, to_truth


def numbers_of(arguments: tuple[Value, ...]) -> list[float]:
    """Numbers of all arguments, node-sets giving one for each node that is not empty."""
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, list):
            texts = (node.value() for node in argument)
            found.extend(odk_number(text) for text in texts if text.strip())
        else:
            found.append(to_number(argument))
    return found


@function("number", 0, 1)
def number(ctx: Context, value: Value | None = None) -> float:
    """#fn:number."""
    return to_number([ctx.node] if value is None else value)


@function("int", 1, 1)
def integer(_ctx: Context, value: Value) -> float:
    """#fn:int: towards zero."""
    found = to_number(value)
    return found if found != found or math.isinf(found) else float(int(found))  # noqa: PLR0124


@function("round", 1, 2)
def rounded(_ctx: Context, value: Value, places: Value | None = None) -> float:
    """#fn:round: halves go up (away from zero when places are given)."""
    found = to_number(value)
    if places is None:
        return round_half_up(found)
    digits = to_number(places)
    if found != found or digits != digits or abs(digits) > 30:  # noqa: PLR0124
        return NAN if digits != digits else found  # noqa: PLR0124
    scale = 10.0 ** int(digits)
    scaled = abs(found) * scale
    if math.isinf(scaled):
        return found
    near = math.floor(round(scaled, 9) + 0.5)
    return math.copysign(near / scale, found) if near else 0.0


@function("sum", 1, 1)
def total(_ctx: Context, nodes: Value) -> float:
    """#fn:sum: NaN when one is no number, an empty one included, as in XPath 1.0."""
    return sum(_all_numbers((nodes,)), 0.0)


def _all_numbers(values: tuple[Value, ...]) -> list[float]:
    found: list[float] = []
    for value in values:
        if isinstance(value, list):
            found.extend([n.number if n.number is not None else node_number(n) for n in value])
        else:
            found.append(to_number(value))
    return found


def _extreme(pick: Callable[[list[float]], float], values: tuple[Value, ...]) -> float:
    found = _all_numbers(values)
    if not found or any(math.isnan(each) for each in found):
        return NAN
    return pick(found)


@function("min", 1, None)
def least(_ctx: Context, *values: Value) -> float:
    """#fn:min: NaN for nothing, or for something that is no number."""
    return _extreme(min, values)


@function("max", 1, None)
def greatest(_ctx: Context, *values: Value) -> float:
    """#fn:max: NaN for nothing, or for something that is no number."""
    return _extreme(max, values)


def _whole_part(rule: Callable[[float], int], value: Value) -> float:
    found = to_number(value)
    return found if math.isnan(found) or math.isinf(found) else float(rule(found))


@function("floor", 1, 1)
def floor(_ctx: Context, value: Value) -> float:
    """#fn:floor."""
    return _whole_part(math.floor, value)


@function("ceiling", 1, 1)
def ceiling(_ctx: Context, value: Value) -> float:
    """#fn:ceiling."""
    return _whole_part(math.ceil, value)


def _guarded(formula: Callable[..., float], *values: Value) -> float:
    found = [to_number(value) for value in values]
    if any(math.isnan(each) for each in found):
        return NAN
    try:
        answer = formula(*found)
    except ValueError:
        return NAN
    except OverflowError:
        return math.inf
    return NAN if isinstance(answer, complex) else answer


def _logarithm(base10: bool) -> Callable[[float], float]:  # noqa: FBT001 - a two-row table
    def formula(found: float) -> float:
        if found == 0:
            return -math.inf
        return math.log10(found) if base10 else math.log(found)

    return formula


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    return math.pow(base, exponent)


_FORMULAS: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "exp": math.exp,
    "exp10": lambda found: 10.0**found,
    "log": _logarithm(base10=False),
    "log10": _logarithm(base10=True),
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
}


def _enter(name: str, formula: Callable[[float], float]) -> None:
    @function(name, 1, 1)
    def body(_ctx: Context, value: Value) -> float:
        return _guarded(formula, value)


for _name, _formula in _FORMULAS.items():
    _enter(_name, _formula)


@function("pow", 2, 2)
def power(_ctx: Context, base: Value, exponent: Value) -> float:
    """#fn:pow."""
    return _guarded(_power, base, exponent)


@function("atan2", 2, 2)
def atan2(_ctx: Context, y: Value, x: Value) -> float:
    """#fn:atan2, in radians."""
    return _guarded(math.atan2, y, x)


@function("pi", 0, 0)
def pi(_ctx: Context) -> float:
    """#fn:pi."""
    return math.pi


@function("random", 0, 0, volatile=True)
def random(ctx: Context) -> float:
    """#fn:random."""
    return ctx.host.random()


@function("boolean", 1, 1)
def boolean(_ctx: Context, value: Value) -> bool:
    """#fn:boolean."""
    return to_truth(value)


@function("boolean-from-string", 1, 1)
def boolean_from_string(_ctx: Context, value: Value) -> bool:
    """#fn:boolean-from-string: "true" and "1" are true."""
    return to_text(value) in {"true", "1"}


@function("not", 1, 1)
def negation(_ctx: Context, value: Value) -> bool:
    """#fn:not."""
    return not to_truth(value)


@function("true", 0, 0)
def true(_ctx: Context) -> bool:
    """#fn:true."""
    return True


@function("false", 0, 0)
def false(_ctx: Context) -> bool:
    """#fn:false."""
    return False


@function("checklist", 2, None)
def checklist(_ctx: Context, least_count: Value, most_count: Value, *values: Value) -> bool:
    """#fn:checklist: whether that many values are true; -1 stands for no bound."""
    return _between(sum(map(_ticked, _spread(values))), least_count, most_count)


@function("weighted-checklist", 2, None)
def weighted_checklist(_ctx: Context, low: Value, high: Value, *pairs: Value) -> bool:
    """#fn:weighted-checklist: values and their weights in turn."""
    values, weights = list(pairs[::2]), numbers_of(pairs[1::2])
    score = 0.0
    for value, weight in zip(_spread(tuple(values)), weights, strict=False):
        score += weight if _ticked(value) else 0.0
    return _between(score, low, high)


def _spread(values: tuple[Value, ...]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        found.extend(node.value() for node in value) if isinstance(value, list) else found.append(
            value
        )
    return found


def _ticked(value: Value) -> bool:
    return to_truth(value)  # a value with any text is ticked, "0" and "no" too


def _between(score: float, low: Value, high: Value) -> bool:
    least_score, most_score = to_number(low), to_number(high)
    return (least_score < 0 or score >= least_score) and (most_score < 0 or score <= most_score)
