"""Factories that a framework's recipe names: `package.module:Class`, imported when a row is to be made."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pytest_supaseed.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.plan.user_factories import UserFactory


@cache
def framework_factory(name: str) -> UserFactory:
    """Import the factory that a framework's recipe names.

    Raises:
        PlanError: the name is no `module:Class`, it cannot be imported, or it is no TableFactory.
    """
    # Here and not above: a run that finds its dataset made asks only whether a plan names such factories, and
    # factory_boy brings SQLAlchemy and Django with it where they are installed (330 ms).
    from pytest_supaseed.rows.factories import TableFactory
    from pytest_supaseed.rows.factory_modules import described

    module_name, colon, class_name = name.partition(":")
    if not colon:
        raise _unusable(name, "it is none of ours, and no package.module:Class")
    try:
        module = import_module(module_name)
        found = getattr(module, class_name)
    except Exception as error:
        raise _unusable(name, f"{type(error).__name__}: {error}") from error
    if not isinstance(found, type) or not issubclass(found, TableFactory):
        raise _unusable(name, f"{found!r} is no TableFactory")
    return described(found, module)


def sources_of_frameworks(plan: SeedPlan) -> Iterator[tuple[str, str]]:
    """Yield each factory of a plan that its framework brings, and a digest of what its rows depend on."""
    theirs = {factory.name for factory in plan.factories}
    for name in dict.fromkeys(part.factory for part in plan.tables):
        if ":" in name and name not in theirs:
            yield name, framework_factory(name).source


def _unusable(name: str, why: str) -> PlanError:
    return PlanError(
        f"The factory {name!r}, which the recipe of a framework names, cannot be used: {why}.",
        remedies=["mend the distribution that registers the framework, or leave the framework out"],
    )
