"""What markers of a test ask for, checked by calling a real signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest

    from pytest_supaseed.options import Options

FRAMEWORK_MARKERS = ("makerkit", "basejump", "supabase")
MARKERS = (
    "supaseed(users=, rows={table: count}, seed=, framework=): other data for this test",
    *(f"{name}: the schema is that of {name}, whatever it looks like" for name in FRAMEWORK_MARKERS),
)


@dataclass(frozen=True)
class Wanted:
    """What a test asks for in place of the options; None where it says nothing."""

    users: int | None = None
    rows: Mapping[str, int] | None = None
    seed: str | None = None
    framework: str | None = None

    def __bool__(self) -> bool:
        return self != Wanted()

    def over(self, options: Options) -> Options:
        """Return the options with what the test asks for in their place."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return replace(options, **given)


def _signature(
    *,
    users: int | None = None,
    rows: Mapping[str, int] | None = None,
    seed: str | int | None = None,
    framework: str | None = None,
) -> Wanted:
    """Take the marker's arguments, and say which one is wrong."""
    _check("users", users, _is_count(users), "a whole number, 0 or more")
    fits = isinstance(rows, dict) and all(isinstance(name, str) and _is_count(rows[name]) for name in rows)
    _check("rows", rows, fits, 'whole numbers by table, {"setups": 200}')
    _check("seed", seed, isinstance(seed, str | int), "a text")
    _check("framework", framework, isinstance(framework, str), "a framework's name, such as 'makerkit'")
    return Wanted(users, None if rows is None else MappingProxyType(dict(rows)), _text(seed), framework)


def _bare_signature() -> Wanted:
    return Wanted()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check(name: str, value: object, fits: object, allowed: str) -> None:
    if value is not None and not fits:
        raise ValueError(f"{name}={value!r}; allowed is {allowed}")


ALLOWED = tuple((_signature.__kwdefaults__ or {}).keys())


def wanted_by(nodeid: str, marks: Iterable[pytest.Mark]) -> Wanted:
    """Return what a test's markers ask for; the closest marker has the last word on each argument.

    Args:
        nodeid: the test, for messages.
        marks: its markers, the closest first, as `Node.iter_markers` gives them.

    Raises:
        UsageError: an argument is unknown or wrong, or the frameworks contradict each other.
    """
    values: dict[str, Any] = {}
    frameworks: list[str] = []
    for mark in marks:
        if mark.name == "supaseed":
            found = _read(nodeid, mark)
            given = {name: value for name, value in vars(found).items() if value is not None}
            frameworks += [given["framework"]] if "framework" in given else []
            values = {**given, **values}
        elif mark.name in FRAMEWORK_MARKERS:
            _read(nodeid, mark, bare=True)
            frameworks.append(mark.name)
    if frameworks:
        values["framework"] = frameworks[0]
    return Wanted(**values)


def _read(nodeid: str, mark: pytest.Mark, *, bare: bool = False) -> Wanted:
    signature = _bare_signature if bare else _signature
    try:
        return signature(*mark.args, **mark.kwargs)
    except (TypeError, ValueError) as error:
        why = str(error).replace(f"{signature.__name__}()", "the marker")
        allowed = "none" if bare else ", ".join(f"{name}=" for name in ALLOWED)
        raise UsageError(
            f"@pytest.mark.{mark.name} on {nodeid} is wrong: {why}.",
            remedies=[f"the arguments allowed are: {allowed}"],
        ) from None
