"""What markers of a test ask for, checked by calling a real signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import TRIGGER_MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import pytest

    from pytest_supaseed.options import Options

FRAMEWORK_MARKERS = ("makerkit", "basejump", "supabase")
MARKERS = (
    "supaseed(users=, rows={table: count}, seed=, framework=, triggers=): other data for this test",
    *(f"{name}: the schema is that of {name}, whatever it looks like" for name in FRAMEWORK_MARKERS),
)


@dataclass(frozen=True)
class Wanted:
    """What a test asks for in place of the options; None where it says nothing."""

    users: int | None = None
    rows: Mapping[str, int] | None = None
    seed: str | None = None
    framework: str | None = None
    triggers: str | None = None

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
    triggers: str | None = None,
) -> Wanted:
    """Take the marker's arguments, and say which one is wrong."""
    _check("users", users, _is_count(users), "a whole number, 0 or more")
    fits = isinstance(rows, dict) and all(isinstance(name, str) and _is_count(rows[name]) for name in rows)
    _check("rows", rows, fits, 'whole numbers by table, {"setups": 200}')
    is_seed = isinstance(seed, str | int) and not isinstance(seed, bool) and str(seed).strip()
    _check("seed", seed, is_seed, "a text that is not empty")
    is_name = isinstance(framework, str) and framework.strip()
    _check("framework", framework, is_name, "a framework's name, such as 'makerkit'")
    _check("triggers", triggers, triggers in TRIGGER_MODES, " or ".join(map(repr, TRIGGER_MODES)))
    exact = None if rows is None else MappingProxyType(dict(rows))
    return Wanted(users, exact, _text(seed), framework, triggers)


def _bare_signature() -> Wanted:
    return Wanted()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check(name: str, value: object, fits: object, allowed: str) -> None:
    if value is not None and not fits:
        raise ValueError(f"{name}={value!r}; allowed is {allowed}")


def wanted_by(nodeid: str, marks: Iterable[pytest.Mark]) -> Wanted:
    """Return what a test's markers ask for; the closest marker has the last word on each argument.

    Args:
        nodeid: the test, for messages.
        marks: its markers, the closest first, as `Node.iter_markers` gives them.

    Raises:
        UsageError: an argument is unknown or wrong.
    """
    values: dict[str, Any] = {}
    for mark in marks:
        if mark.name == "supaseed":
            found = vars(_read(nodeid, mark, _signature))
        elif mark.name in FRAMEWORK_MARKERS:
            found = vars(replace(_read(nodeid, mark, _bare_signature), framework=mark.name))
        else:
            continue
        values = {**{name: value for name, value in found.items() if value is not None}, **values}
    return Wanted(**values)


def _read(nodeid: str, mark: pytest.Mark, signature: Callable[..., Wanted]) -> Wanted:
    try:
        return signature(*mark.args, **mark.kwargs)
    except (TypeError, ValueError) as error:
        allowed = (signature.__kwdefaults__ or {}).keys()
        why = str(error).replace(f"{signature.__name__}()", "the marker").rstrip(".")
        raise UsageError(
            f"@pytest.mark.{mark.name} on {nodeid} is wrong: {why}.",
            remedies=[*_meant(mark.kwargs, allowed), _what_is_allowed(allowed)],
        ) from None


def _what_is_allowed(names: Collection[str]) -> str:
    if not names:
        return "it takes no arguments; numbers are said beside it: @pytest.mark.supaseed(users=3)"
    return f"the arguments allowed are: {', '.join(f'{name}=' for name in names)}"


def _meant(given: Iterable[str], allowed: Collection[str]) -> list[str]:
    from difflib import get_close_matches

    unknown = [name for name in given if name not in allowed]
    alike = [get_close_matches(name, allowed, n=1) for name in unknown]
    return [f"did you mean {found[0]}=?" for found in alike if found]
