"""Labels, hints and translations of a form.

Spec: https://getodk.github.io/xforms-spec/#languages
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from forms.definition import Label, TextValue
from forms.views import Media
from forms.xpath import Compiled

Compile = Callable[..., Compiled]
_STYLING = frozenset({"b", "strong", "i", "em", "u", "br", "p", "span"})
Texts = dict[str, dict[str, TextValue]]


def local(element: etree._Element) -> str:
    """Local name; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """First child element with the local name `name`."""
    if element is None:
        return None
    return next(element.iterchildren(f"{{*}}{name}"), None)


def mixed(element: etree._Element, compile_: Compile) -> tuple[str | Compiled, ...]:
    """Text and `<output>` of `element`, in order.

    Elements of the styling that labels may have are written out, as if escaped; of any other
    element the text alone is taken.
    """
    parts: list[str | Compiled] = []
    if element.text:
        parts.append(element.text)
    for each in element:
        if local(each) == "output":
            expression = each.get("value") or each.get("ref") or ""
            if expression:
                parts.append(compile_(expression, each))
        elif isinstance(each.tag, str):
            parts.extend(_styled(each, mixed(each, compile_)))
        if each.tail:
            parts.append(each.tail)
    return tuple(parts)


def _styled(
    element: etree._Element, inner: tuple[str | Compiled, ...]
) -> tuple[str | Compiled, ...]:
    name, style = local(element), element.get("style", "")
    if name not in _STYLING:
        return inner
    if name == "br":
        return ("\n", *inner)
    return (f'<{name} style="{style}">' if style else f"<{name}>", *inner, f"</{name}>")


def label_of(element: etree._Element | None, compile_: Compile) -> Label | None:
    """The `label` or `hint` element as a label; None when there is none."""
    if element is None:
        return None
    ref = element.get("ref")
    if ref:
        # What stands in the element is shown where no translation has the text.
        parts = mixed(element, compile_)
        return Label(parts=parts, text_id=text_reference(ref, element, compile_))
    return Label(parts=mixed(element, compile_))


def text_reference(ref: str, element: etree._Element, compile_: Compile) -> str | Compiled:
    """The id in `jr:itext('id')`, or the expression that finds it."""
    stripped = ref.strip()
    if stripped.startswith("jr:itext(") and stripped.endswith(")"):
        inner = stripped[9:-1].strip()
        if len(inner) > 1 and inner[0] == inner[-1] and inner[0] in "'\"":
            return inner[1:-1]
        return compile_(inner, element)
    return compile_(stripped, element)


def read_itext(itext: etree._Element | None, compile_: Compile) -> tuple[Texts, str | None]:
    """Texts by language and id, and the default language."""
    texts: Texts = {}
    default: str | None = None
    for translation in itext if itext is not None else ():
        if local(translation) != "translation":
            continue
        language = translation.get("lang", "")
        if default is None or translation.get("default") is not None:
            default = language
        texts[language] = {
            text.get("id", ""): _text(text, compile_)
            for text in translation
            if local(text) == "text"
        }
    return texts, default


def _text(text: etree._Element, compile_: Compile) -> TextValue:
    forms: dict[str, tuple[str | Compiled, ...]] = {}
    for value in text:
        if local(value) == "value":
            forms[value.get("form", "long")] = mixed(value, compile_)
    return TextValue(
        parts=forms.get("long", ()),
        guidance=forms.get("guidance", forms.get("print", ())),
        short=forms.get("short", ()),
        media=Media(
            image=_file(forms.get("image")),
            big_image=_file(forms.get("big-image")),
            audio=_file(forms.get("audio")),
            video=_file(forms.get("video")),
        ),
    )


def _file(parts: tuple[str | Compiled, ...] | None) -> str | None:
    return "".join(part for part in parts if isinstance(part, str)).strip() if parts else None
