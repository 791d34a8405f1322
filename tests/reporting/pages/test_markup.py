"""HTML that what it shows cannot break."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from pytest_supaseed.reporting.pages.markup import Markup, element, embedded, isolated, joined

NASTY = "<script>alert('x')</script>\"'&amp; </td> <!-- \x00\x1b[31m \ud800 \u202e desrever"


class _Read(HTMLParser):
    """What a browser reads: elements with their attributes, and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def test_texts_and_attributes_are_read_as_they_were_given() -> None:
    """Markup in a value is a text like others; what HTML forbids is shown by pictures of it."""
    read = _Read(str(element("td", NASTY, title=NASTY)))
    shown = NASTY.replace("\x00", "\u2400").replace("\x1b", "\u241b").replace("\ud800", "\ufffd")
    assert read.elements == [("td", {"title": shown})]
    assert "".join(read.texts) == shown
    shown.encode("utf-8")


def test_markup_is_not_escaped_again() -> None:
    """Elements hold elements; None is left out."""
    assert str(element("p", element("b", "a<b"), None, 5)) == "<p><b>a&lt;b</b>5</p>"
    assert str(joined(["<", Markup("<br>")], ", ")) == "&lt;, <br>"


def test_attributes_say_what_python_cannot() -> None:
    """A trailing underscore goes, others are dashes; true stands alone, false and None are left out."""
    made = element("input", class_="a", aria_label="b", hidden=True, disabled=False, title=None, size=3)
    assert str(made) == '<input class="a" aria-label="b" hidden size="3">'


def test_names_keep_their_direction_to_themselves() -> None:
    """A name from right to left does not turn around what stands beside it."""
    assert str(isolated("\u05e9\u05dc\u05d5\u05dd")) == "<bdi>\u05e9\u05dc\u05d5\u05dd</bdi>"


@pytest.mark.parametrize("text", ["a </script> b", "a </STYLE"])
def test_a_script_that_would_end_early_is_refused(text: str) -> None:
    """Such a text cannot be escaped there: it is ours to change."""
    with pytest.raises(ValueError, match="would end it"):
        embedded("script", text)
    assert str(embedded("style", "a > b {}")) == "<style>a > b {}</style>"
