"""Which of a user's factories makes which part of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import TablePlan


@dataclass(frozen=True)
class UserFactory:
    """A factory class that a user wrote.

    Args:
        name: `module:Class`.
        table: the table that it names, logical or actual.
        part: the part of the table's rows that it makes; empty where it names none.
        made_by: the class.
        source: a digest of all source text that its rows depend on.
    """

    name: str
    table: str
    part: str
    made_by: type
    source: str

    @property
    def bases(self) -> frozenset[type]:
        """The classes that it extends."""
        return frozenset(self.made_by.__mro__[1:])


def with_user_factories(
    parts: dict[int, list[TablePlan]], factories: Iterable[UserFactory], table_map: NameResolver
) -> None:
    """Let a user's factories make the parts of their tables, in place of ours; parts are changed in place.

    A factory of a table that the schema lacks is left alone: tests of other schemas may use it.

    Raises:
        UsageError: two factories are meant for one part, or one for several parts, or for none.
    """
    by_table: dict[int, list[UserFactory]] = {}
    for one in factories:
        if table_map.has(one.table):
            by_table.setdefault(table_map.resolve(one.table).oid, []).append(one)
    for oid, some in by_table.items():
        if oid in parts:
            parts[oid] = _assigned(parts[oid], some)


def _assigned(parts: list[TablePlan], factories: Sequence[UserFactory]) -> list[TablePlan]:
    made = [part for part in parts if part.adopted_from is None]
    if not made:
        return [replace(part, note=_unused(part, factories)) for part in parts]
    chosen: dict[str, list[UserFactory]] = {}
    for one in factories:
        chosen.setdefault(_part(one, made), []).append(one)
    first = {name: _one(made, some) for name, some in chosen.items()}
    return [
        replace(part, factory=first[part.part].name) if part in made and part.part in first else part
        for part in parts
    ]


def _unused(part: TablePlan, factories: Sequence[UserFactory]) -> str:
    names = ", ".join(one.name for one in factories)
    return f"is filled by triggers of {part.adopted_from}: only tests use {names}"


def _part(one: UserFactory, made: Sequence[TablePlan]) -> str:
    names = [part.part for part in made]
    if one.part in names:
        return one.part
    if not one.part and len(names) == 1:
        return names[0]
    listed = ", ".join(map(repr, names))
    said = f"names the part {one.part!r}" if one.part else "names none of them"
    table = made[0].table.qualified
    raise UsageError(
        f"{table} is filled in parts, {listed}, and {one.name} {said}.",
        looked_at=[f"{part.rows:,} rows {part.part!r} by {part.factory}" for part in made],
        remedies=[
            f"say which part it makes: class Meta: part = {names[-1]!r}",
            "leave it to the tests: class Meta: planned = False",
        ],
    )


def _one(made: Sequence[TablePlan], factories: Sequence[UserFactory]) -> UserFactory:
    """The factory that the others extend, which are variants of it; the only one most of the time."""
    roots = [
        one for one in factories if all(one is other or one.made_by in other.bases for other in factories)
    ]
    if roots:
        return roots[0]
    raise UsageError(
        f"{len(factories)} factories are meant for {made[0].table.qualified},"
        " and none is the base of the others.",
        looked_at=[one.name for one in factories],
        remedies=[
            "leave all but one of them to the tests: class Meta: planned = False",
            "let the variants extend the one that the plan is to use",
        ],
    )
