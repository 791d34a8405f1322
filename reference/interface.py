"""What `pytest_supaseed` exports, and its factories."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest_supaseed
from pytest_supaseed import factories as own_factories
from reference.docstrings import call_of, read_docstring
from reference.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "A test's database": ("SeededDatabase", "Acting", "SeededUsers", "RowSet", "Row", "PolicyReview"),
    "Factories": ("TableFactory", "Parent", "Derived"),
    "Second factors": ("totp_code",),
    "Frameworks of your own": ("Framework", "Candidate", "Part"),
}
_WITH_MEMBERS = _SECTIONS["A test's database"]
_NOT_FOR_TESTS = {"admin_conninfo", "close", "create_from", "draft", "factory_rows", "opened", "with_values"}
"""Members that fixtures and factories use; `close` is called for the test."""
CONSTANTS = {"TOTP_SECRET", "__version__"}
"""Exports that say all by their names, or stand beside the function that takes them."""


def shown() -> set[str]:
    """Return the names that the page shows."""
    return {name for names in _SECTIONS.values() for name in names}


def interface() -> str:
    """Return the exported classes and functions, but for errors, with their members."""
    return "\n\n".join(_pieces())


def _pieces() -> Iterator[str]:
    for title, names in _SECTIONS.items():
        yield f"## {title}"
        for name in names:
            thing: Any = getattr(pytest_supaseed, name)
            yield f"### {name}"
            if not isinstance(thing, type):
                yield f"`{call_of(name, thing)}`"
            yield from _said(name, thing)


def _said(name: str, thing: Any) -> Iterator[str]:
    if name not in _WITH_MEMBERS:
        yield from read_docstring(thing).markdown()
        return
    yield read_docstring(thing).prose  # a test never makes one: its arguments are of no use
    for member in _members(thing):
        yield from _member(name, member, inspect.getattr_static(thing, member))


def _members(thing: type) -> Iterable[str]:
    """The public members that classes of ours define, in their order, a base class's first, each once."""
    ours = [one for one in reversed(thing.__mro__) if one.__module__.startswith(pytest_supaseed.__name__)]
    return dict.fromkeys(
        name
        for one in ours
        for name, found in vars(one).items()
        if not name.startswith("_") and name not in _NOT_FOR_TESTS and inspect.getdoc(found)
    )


def _member(owner: str, name: str, found: Any) -> Iterator[str]:
    called = inspect.isfunction(found)
    yield f"#### {owner}.{name}"
    if called:
        yield f"`{call_of(name, found)}`"
    yield from read_docstring(found).markdown()


def factories() -> str:
    """Return our factories, with the table that each is for."""
    rows = [
        (f"`{name}`", f"`{factory._meta.table}`", read_docstring(factory).summary)  # noqa: SLF001  # factory_boy's
        for name in own_factories.__all__
        if (factory := getattr(own_factories, name)) is not pytest_supaseed.TableFactory
    ]
    return table(("factory", "logical table", "a row of it"), rows)
