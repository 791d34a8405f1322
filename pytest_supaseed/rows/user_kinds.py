"""Rows of users who are no ordinary ones: columns whose values depend on the kind of user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import PlanError
from pytest_supaseed.logins import CUSTOM_ROLE
from pytest_supaseed.rows.columns import meta_of
from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.logins import Logins
    from pytest_supaseed.rows.chunk import Chunk, Producer


def trait_of(kind: str) -> str:
    """The parameter of the users' factory that makes a user of a kind."""
    return f"{kind.replace('-', '_')}_user"


class ByKind(ColumnDeclaration):
    """A column whose values are those of an ordinary user, but for users of some kinds.

    Args:
        ordinary: what fills it for ordinary users; nothing where they leave it to the database.
        kinds: what fills it for users of a kind.
    """

    def __init__(self, ordinary: Producer | None, kinds: Mapping[str, Producer]) -> None:
        super().__init__()
        self.ordinary = ordinary
        self.kinds = kinds

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        values: list[object] = [None] * chunk.count
        if self.ordinary is not None:
            values[:] = self.ordinary.fill(chunk, name)
        made: dict[str, Sequence[object]] = {}
        for place, kind in chunk.scope.logins.special_in(chunk.positions):
            if kind in self.kinds:
                if kind not in made:
                    made[kind] = self.kinds[kind].fill(chunk, name)
                values[place] = made[kind][place]
        return values


def with_kinds(
    producers: dict[str, Producer],
    factory: type | None,
    logins: Logins,
    made: Callable[[Mapping[str, object]], Mapping[str, Producer]],
) -> dict[str, Producer]:
    """Return the producers of users of whom some are no ordinary ones.

    Args:
        producers: those of ordinary users.
        factory: the users' factory.
        logins: who is of which kind.
        made: makes the producers for parameters of the factory.

    Raises:
        PlanError: the factory does not know the kinds.
    """
    found = dict(producers)
    variants: dict[str, dict[str, Producer]] = {}
    for kind, count in logins.kinds.items():
        if not count or kind == CUSTOM_ROLE:
            continue
        own = made({trait_of(kind): True})
        for name in _changed(factory, kind):
            if name in own:
                variants.setdefault(name, {})[kind] = own[name]
    for name, kinds in variants.items():
        found[name] = ByKind(producers.get(name), kinds)
    return found


def _changed(factory: type | None, kind: str) -> Sequence[str]:
    """The fields that a trait of a factory changes."""
    parameters: Mapping[str, Any] = {} if factory is None else meta_of(factory).parameters
    if trait_of(kind) not in parameters:
        name = "the derived factory" if factory is None else factory.__name__
        raise PlanError(
            f"Users of the kind {kind!r} are asked for, and {name} does not know how to make them.",
            remedies=["extend the built-in one: class UserFactory(pytest_supaseed.factories.UserFactory)"],
        )
    return list(parameters[trait_of(kind)].overrides)
