"""Errors, warnings and exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import pytest_supaseed
from pytest_supaseed import errors as classes_of_ours
from pytest_supaseed.commands.conventions import EXIT_CODES
from pytest_supaseed.errors import SupaseedError, SupaseedWarning
from reference.docstrings import read_docstring
from reference.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_PYTEST = {
    pytest.ExitCode.OK: "all tests passed, and so was the report written where one is asked for",
    pytest.ExitCode.TESTS_FAILED: (
        "a test failed, or got no database: no server, schema, plan or rows could be had, or its marker is"
        " wrong; or the report could not be written"
    ),
    pytest.ExitCode.INTERRUPTED: "Ctrl-C, while rows are loaded too; nothing of ours is left running",
    pytest.ExitCode.INTERNAL_ERROR: "an error in pytest or in a plugin: please report it where it is ours",
    pytest.ExitCode.USAGE_ERROR: "a wrong flag, variable or key of `[tool.supaseed]`: no test has run",
    pytest.ExitCode.NO_TESTS_COLLECTED: "no test was found; nothing was started for it",
}


def error_classes() -> list[type]:
    """Return the errors, by name, their base left out."""
    found = [pytest_supaseed.TenantLeakError, *_classes(SupaseedError)]
    return sorted(found, key=lambda one: one.__name__)


def warning_classes() -> list[type]:
    """Return the warnings, their base left out."""
    return list(_classes(SupaseedWarning))


def errors() -> str:
    """Return each error with what it means and what to do."""
    return "\n\n".join(map(_entry, error_classes()))


def warnings() -> str:
    """Return each warning with what it means and what to do."""
    return "\n\n".join(map(_entry, warning_classes()))


def _classes(base: type) -> Iterator[type]:
    for found in vars(classes_of_ours).values():
        if isinstance(found, type) and issubclass(found, base) and found is not base:
            yield found


def _entry(one: type) -> str:
    return "\n\n".join((f"### {one.__name__}", *read_docstring(one).markdown()))


def command_line_codes() -> str:
    """Return the exit codes of `supaseed`."""
    return table(("code", "means"), [(str(code), said) for code, said in EXIT_CODES.items()])


def pytest_codes() -> str:
    """Return pytest's exit codes with what they mean in a run with this plugin."""
    return table(("code", "means"), [(str(int(code)), said) for code, said in _IN_PYTEST.items()])
