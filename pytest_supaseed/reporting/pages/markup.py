"""HTML that cannot be broken by what it shows: every text is escaped, unless it is markup already.

A template engine would do as well; it would be one more library at run time, and untyped, for thirty lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

_EMPTY_ELEMENTS = frozenset({"br", "col", "hr", "input", "link", "meta", "path", "rect", "circle", "line"})
"""Elements without content; those of SVG are closed in XML's way, which HTML takes too."""
_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
"""HTML forbids control characters; Unicode has pictures of them."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_CLOSING = re.compile(r"</(?=style|script)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markup:
    """A text that is HTML."""

    text: str

    def __str__(self) -> str:
        return self.text


Content: TypeAlias = Markup | str | int | None
Attribute: TypeAlias = str | int | float | bool | None


def plain(text: str) -> str:
    """Return a text in which everything can be seen, and written as UTF-8."""
    if not _UNSEEN.search(text):
        return text
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text.translate(_CONTROLS))


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Return an element; what is not markup is escaped.

    Args:
        name: the element's name.
        content: what it holds; None is left out.
        attributes: with `_` for `-`, and one at the end of what Python has taken: `aria_label`, `class_`.
            True is an attribute without a value; None and False are left out.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY_ELEMENTS:
        return Markup(f"<{name}{said}/>" if name in {"path", "rect", "circle", "line"} else f"<{name}{said}>")
    return Markup(f"<{name}{said}>{''.join(map(_text, content))}</{name}>")


def joined(parts: Iterable[Content], separator: str = "") -> Markup:
    """Return contents one after another."""
    return Markup(_text(separator).join(map(_text, parts)))


def isolated(text: str) -> Markup:
    """Return a name or a value, whose writing direction does not reach what stands beside it."""
    return element("bdi", text)


def embedded(name: str, text: str, **attributes: Attribute) -> Markup:
    """Return a `style` or `script` element of a text of ours.

    Raises:
        ValueError: the text would end the element.
    """
    if _CLOSING.search(text):
        raise ValueError(f"the text of a {name} element would end it")
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    return Markup(f"<{name}{said}>{text}</{name}>")


def _text(content: Content) -> str:
    if content is None:
        return ""
    return content.text if isinstance(content, Markup) else escape(plain(str(content)))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(plain(str(value)))}"'
