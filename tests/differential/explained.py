"""Differences between the two engines that random forms have shown, and why ours stay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Explained:
    """One kind of difference.

    Attributes:
        what: What differs.
        why: What the specification says, in our words.
        anchor: Where it says so.
    """

    what: str
    why: str
    anchor: str


EXPLAINED = (
    Explained(
        "NaN as text: the peer has an empty string, so that `selected('', number('x'))` is true.",
        "string() of NaN is the word NaN. It is never stored or shown all the same: a calculation"
        " or an output that is no number leaves nothing.",
        "https://www.w3.org/TR/1999/REC-xpath-19991116/#function-string",
    ),
    Explained(
        "Absolute paths inside a repeat: the peer begins at the root.",
        "Inside a repeat an absolute path means the instance that it is used in. Random forms write"
        " relative paths there, so that both mean the same.",
        "#a-big-deviation-with-xforms",
    ),
    Explained(
        "Truth computed into a node of numbers: the peer has 1 for some expressions and nothing for"
        " others.",
        "A result is stored as its string, which is no number here; so it becomes one, 1 or 0.",
        "#data-types",
    ),
    Explained(
        "substring-after(text, ''): the peer has nothing.",
        "The empty string stands at the beginning of every string, so all of it comes after.",
        "https://www.w3.org/TR/1999/REC-xpath-19991116/#function-substring-after",
    ),
    Explained(
        "`a and b` as text: the peer has the text of `b`.",
        "Both operands become booleans, and so is the result: its text is true or false.",
        "https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans",
    ),
    Explained(
        "number(' '): the peer has 0.",
        "A string that is no number, white space around it apart, is NaN; white space alone too.",
        "https://www.w3.org/TR/1999/REC-xpath-19991116/#function-number",
    ),
    Explained(
        "A calculated select: the peer hides a result that is not among the choices.",
        "A calculation gives the node its value; choices are what a person may give it. Ours hides"
        " what a filter has taken away from a person's answer.",
        "#bind-attributes",
    ),
    Explained(
        "A decimal: the peer stores 1 as 1.0.",
        "A decimal is as XML Schema has it, where both are the same; ours stays as it was given.",
        "#data-types",
    ),
    Explained(
        "A filter over a repeat whose jr:count takes its last instance away at the start: the peer"
        " keeps the choices from before.",
        "What depends on the instances of a repeat is computed again when they go; the sum of none"
        " is 0.",
        "#creation-removal-of-repeats",
    ),
)
