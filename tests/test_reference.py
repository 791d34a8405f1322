"""Tests of reference: the parts of the pages that are taken from the code are those of this code."""

from __future__ import annotations

import pytest

import pytest_supaseed
from reference.docstrings import call_of, read_docstring
from reference.errors import error_classes, warning_classes
from reference.interface import CONSTANTS, shown
from reference.pages import PARTS, ROOT, pages, parts_of, renewed
from reference.tables import table


def test_the_pages_say_what_the_code_says() -> None:
    """Options, fixtures, the marker, factories, commands, errors, exit codes: all as they are now."""
    texts = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in pages()}
    stale = [name for name, text in texts.items() if renewed(text) != text]
    assert stale == [], "run `python -m reference`"
    assert sorted(part for text in texts.values() for part in parts_of(text)) == sorted(PARTS)


def test_everything_that_is_exported_is_described() -> None:
    """On the page of the interface, or on that of errors."""
    described = {one.__name__ for one in (*error_classes(), *warning_classes())}
    described |= {"SupaseedError", "SupaseedWarning"}  # the page says what they have in common
    assert set(pytest_supaseed.__all__) <= shown() | CONSTANTS | described


def test_a_docstring_is_taken_apart() -> None:
    """Prose without code, arguments and errors each on one line, a call without types."""

    def made(table: str, /, *, by: str = "id", **only: object) -> None:  # noqa: D417  # enough for two
        """Make it.

        By that,
        in all.

        ```python
        made()
        ```

        Args:
            table: the table
                that is meant.

        Raises:
            KeyError: it is not there.
        """

    read = read_docstring(made)
    assert read.summary == "Make it."
    assert list(read.markdown()) == [
        "Make it.\n\nBy that,\nin all.",
        "- `table`: the table that is meant.\n- raises `KeyError`: it is not there.",
    ]
    assert call_of("made", made) == "made(table, /, *, by='id', **only)"


def test_what_cannot_be_shown_is_an_error() -> None:
    """No docstring, a section of another form, a cell that a table would split: a hole in the page."""

    def bare() -> None: ...

    def loose() -> None:
        """Say.

        Args:
            all of them
        """

    with pytest.raises(ValueError, match="has no docstring"):
        read_docstring(bare)
    with pytest.raises(ValueError, match="not a list of names"):
        read_docstring(loose)
    with pytest.raises(ValueError, match="a cell with a"):
        table(["one"], [["a|b"]])
