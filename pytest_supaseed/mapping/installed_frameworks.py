"""All frameworks: those that come with this package, and those that other distributions register.

A distribution registers a `Framework` by an entry point of the group `pytest_supaseed.frameworks`. Nothing is
imported before a framework is first needed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from pytest_supaseed.errors import MappingError, UsageError
from pytest_supaseed.mapping.framework import Candidate, Framework, Part
from pytest_supaseed.mapping.known_frameworks import FRAMEWORKS
from pytest_supaseed.mapping.nearest_names import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.metadata import EntryPoint

GROUP = "pytest_supaseed.frameworks"
"""The entry point group."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@cache
def all_frameworks() -> tuple[Framework, ...]:
    """Return every framework, the most telling first.

    Raises:
        MappingError: one that a distribution registers cannot be used; the error names the distribution.
    """
    found = list(FRAMEWORKS)
    for point in sorted(entry_points(group=GROUP), key=lambda point: (_origin(point), point.name)):
        loaded = _loaded(point)
        taken = next((other for other in found if other.name == loaded.name), None)
        if taken is not None:
            raise _broken(point, f"there is a framework {loaded.name!r} already, {_whose(taken)}")
        found.append(loaded)
    return tuple(sorted(found, key=lambda framework: (-framework.specificity, framework.name)))


def framework_named(name: str, *, frameworks: Sequence[Framework] | None = None) -> Framework:
    """Return the framework of a name, in any case and with `_` for `-`.

    Args:
        name: the name.
        frameworks: those to choose from; all that there are where none are given.

    Raises:
        UsageError: there is none of that name.
        MappingError: a framework that a distribution registers cannot be used.
    """
    among = all_frameworks() if frameworks is None else frameworks
    wanted = name.strip().lower().replace("_", "-")
    for framework in among:
        if framework.name == wanted:
            return framework
    known = [framework.name for framework in among]
    raise UsageError(
        f"There is no framework called {name!r}.",
        looked_at=[f"known frameworks: {', '.join(known)}", f"entry points of {GROUP}: see `pip list`"],
        remedies=[
            *(f"did you mean {other}?" for other in nearest(wanted, known)[:1]),
            "leave the option out: the framework is recognised from the schema",
        ],
    )


def _loaded(point: EntryPoint) -> Framework:
    try:
        found = point.load()
    except Exception as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    if wrong := _wrong_with(found):
        raise _broken(point, wrong)
    return replace(cast("Framework", found), origin=_origin(point))


def _wrong_with(found: object) -> str:
    """Say what is wrong with what a distribution registers; nothing where it can be used."""
    if not isinstance(found, Framework):
        return f"{found!r} is no pytest_supaseed.Framework"
    if not _NAME.fullmatch(str(found.name)):
        return f"its name {found.name!r} is not made of small letters, digits and single dashes"
    if not any(fact.essential and fact.weight for fact in found.fingerprints):
        return "none of its fingerprints is essential and telling: it would recognise every schema"
    if not all(isinstance(part, Part) for part in found.recipe):
        return "its recipe is not made of pytest_supaseed.Part"
    if any(not isinstance(one, Candidate) for listed in found.tables.values() for one in listed):
        return "its tables are not made of pytest_supaseed.Candidate"
    return ""


def _broken(point: EntryPoint, why: str) -> MappingError:
    return MappingError(
        f"The framework that {_origin(point)} registers as {point.name!r} cannot be used: {why}.",
        looked_at=[f"the entry point {point.name} = {point.value} of the group {GROUP}"],
        remedies=[f"mend {_origin(point)}, or uninstall it: tests of other frameworks run without it"],
    )


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unnamed distribution"


def _whose(framework: Framework) -> str:
    return f"that of {framework.origin}" if framework.origin else "that of pytest-supaseed itself"
