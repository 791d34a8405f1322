"""What markers of a test ask for, checked by calling a real signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.errors import UsageError
from pytest_supaseed.marker_names import FRAMEWORK_MARKERS
from pytest_supaseed.name_map import MAP, NameMap
from pytest_supaseed.option_values import (
    COUNTS,
    DOMAINS,
    ISOLATION_MODES,
    PASSWORD,
    TRIGGER_MODES,
    USER_KINDS,
    USER_STRATEGIES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import pytest

    from pytest_supaseed.option_values import IsolationMode, PerParent, ValueKind
    from pytest_supaseed.options import Options


@dataclass(frozen=True)
class Wanted:
    """What a test asks for in place of the options; None where it says nothing."""

    users: int | None = None
    rows: Mapping[str, int | PerParent] | None = None
    seed: str | None = None
    locale: str | None = None
    domain: str | None = None
    framework: str | None = None
    triggers: str | None = None
    map: NameMap | None = None
    user_strategy: str | None = None
    additional: int | None = None
    user_kinds: Mapping[str, int] | None = None
    password: str | None = None
    personas: bool | None = None
    isolation: IsolationMode | None = None

    @property
    def is_of_data(self) -> bool:
        """Whether it asks for other data; how a test is undone has no part in that."""
        return replace(self, isolation=None) != Wanted()

    def over(self, options: Options) -> Options:
        """Return the options with what the test asks for in their place."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        if self.map is not None:
            given["map"] = self.map.over(options.map)
        return replace(options, **given)


def _signature(  # noqa: PLR0913  # the marker's arguments
    *,
    users: int | None = None,
    rows: Mapping[str, object] | None = None,
    seed: str | int | None = None,
    locale: str | None = None,
    domain: str | None = None,
    framework: str | None = None,
    triggers: str | None = None,
    map: Mapping[str, object] | None = None,  # noqa: A002  # the marker's argument is called so
    strategy: str | None = None,
    additional: int | None = None,
    user_kinds: Mapping[str, object] | None = None,
    password: str | None = None,
    personas: bool | None = None,
    isolation: str | None = None,
) -> Wanted:
    """Take the marker's arguments, and say which one is wrong."""
    _check("users", users, _is_count(users), "a whole number, 0 or more")
    asked = None if rows is None else _rows(rows)
    is_seed = isinstance(seed, str | int) and not isinstance(seed, bool) and str(seed).strip()
    _check("seed", seed, is_seed, "a text that is not empty")
    _check("locale", locale, isinstance(locale, str) and locale.strip(), "a locale of Faker, such as 'de_DE'")
    _check("domain", domain, domain in DOMAINS, _either(DOMAINS))
    is_name = isinstance(framework, str) and framework.strip()
    _check("framework", framework, is_name, "a framework's name, such as 'makerkit'")
    _check("triggers", triggers, triggers in TRIGGER_MODES, _either(TRIGGER_MODES))
    _check("isolation", isolation, isolation in ISOLATION_MODES, _either(ISOLATION_MODES))
    names = None if map is None else _names(map)
    _check("strategy", strategy, strategy in USER_STRATEGIES, _either(USER_STRATEGIES))
    _check("additional", additional, _is_count(additional), "a whole number, 0 or more")
    kinds = _read_as(USER_KINDS, "user_kinds", user_kinds)
    word = _read_as(PASSWORD, "password", password)
    _check("personas", personas, isinstance(personas, bool), "True or False")
    return Wanted(
        users,
        asked,
        _text(seed),
        locale,
        domain,
        framework,
        triggers,
        names,
        strategy,
        additional,
        user_kinds=cast("Mapping[str, int] | None", kinds),
        password=cast("str | None", word),
        personas=personas,
        isolation=cast("IsolationMode | None", isolation),
    )


def _read_as(kind: ValueKind, name: str, value: object) -> object:
    if value is None:
        return None
    try:
        return kind.from_toml(value)
    except ValueError as error:
        shown = "" if kind is PASSWORD else f"={value!r}"
        why = f": {error}" if str(error) else ""
        raise ValueError(f"{name}{shown}; allowed is {kind.allowed}{why}") from None


def _either(choices: Iterable[str]) -> str:
    return " or ".join(map(repr, choices))


def _names(names: object) -> NameMap:
    try:
        return cast("NameMap", MAP.from_toml(names)).given_by("the marker")
    except ValueError as error:
        allowed = 'names by name, {"setup_types": "base_templates", "setups.name": "title"}'
        why = f": {error}" if str(error) else ""
        raise ValueError(f"map={names!r}; allowed is {allowed}{why}") from None


def _rows(rows: object) -> Mapping[str, int | PerParent]:
    allowed = 'whole numbers by table, {"setups": 200} or {"setups": {"per": "users", "count": (1, 5)}}'
    _check("rows", rows, isinstance(rows, dict) and all(isinstance(name, str) for name in rows), allowed)
    try:
        return cast("Mapping[str, int | PerParent]", COUNTS.from_toml(rows))
    except ValueError as error:
        raise ValueError(f"rows={rows!r}; allowed is {allowed}: {error}") from None


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
        values = _closer(values, {name: value for name, value in found.items() if value is not None})
    return Wanted(**values)


def _closer(closer: Mapping[str, Any], further: Mapping[str, Any]) -> dict[str, Any]:
    """Two markers together: the closer one decides on each argument, of `map` on each name."""
    both = {**further, **closer}
    if "map" in closer and "map" in further:
        both["map"] = closer["map"].over(further["map"])
    return both


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
