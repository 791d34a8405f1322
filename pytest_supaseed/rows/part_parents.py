"""Whose rows a part's rows are, in a database that held rows before: of new users, or of chosen ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.platform.platform_schemas import PLATFORM_SCHEMAS
from pytest_supaseed.rows.keys import JoinedKeys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.plan.existing_users import UserRule
    from pytest_supaseed.plan.row_filters import RowFilter
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.plan.user_strategy import UserNumbers
    from pytest_supaseed.rows.chunk import KeySource


class FilteredReader(Protocol):
    """Reads key values of some of a table's rows; given by the loader."""

    def __call__(self, table: Table, columns: tuple[str, ...], where: RowFilter) -> list[tuple[object, ...]]:
        """Return the distinct, complete values of `columns` in the rows that are meant, ordered."""
        ...


class KeysOfParts(Protocol):
    """What is asked of all sources together."""

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return all rows that there are, and all planned ones, or those of a part."""
        ...

    def table(self, name: str) -> Table:
        """Return the actual table."""
        ...

    def planned(self, table: Table) -> tuple[KeySource, ...] | None:
        """Return the rows that the plan makes of a table; None where it is not sure which these are."""
        ...


class ChosenKeys:
    """Keys of rows that were chosen among those that are there, read before any other is written."""

    def __init__(self, table: Table, key: tuple[str, ...], where: RowFilter, reader: FilteredReader) -> None:
        self.key = key
        self._table = table
        self._where = where
        self._reader = reader
        self._read: dict[tuple[str, ...], list[tuple[object, ...]]] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._stored(self.key))

    def read(self, columns: tuple[str, ...]) -> None:
        """Read some columns now; what is asked for later is what they were."""
        self._stored(columns)

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`."""
        stored = self._stored(columns)
        return [stored[index % len(stored)] for index in indices]

    def _stored(self, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
        if columns not in self._read:
            self._read[columns] = self._reader(self._table, columns, self._where)
        return self._read[columns]


@dataclass
class UsersThere:
    """The rows that were there before and that new ones may refer to: users, and their accounts.

    Args:
        plan: the plan.
        rule: which users count.
        reader: reads their keys.
    """

    plan: SeedPlan
    rule: UserRule
    reader: FilteredReader
    _keys: dict[str, ChosenKeys] = field(default_factory=dict)

    def read(self, referring: Sequence[Table]) -> None:
        """Read what foreign keys of these tables refer to, before any row is written."""
        for name, table in self._tables().items():
            keys = self._chosen(name)
            keys.read(keys.key)
            for other in referring:
                for found in other.foreign_keys:
                    if found.target_oid == table.oid:
                        keys.read(found.target_columns)

    def users(self, *, free: bool) -> ChosenKeys:
        """The users that count, or only those of them who are in no team."""
        return self._chosen("free" if free else "users")

    def accounts(self, table: Table) -> ChosenKeys | None:
        """The accounts of users that count, if that is the table."""
        accounts = self.rule.accounts
        return self._chosen("accounts") if accounts is not None and accounts[0].oid == table.oid else None

    def _tables(self) -> dict[str, Table]:
        found = {"users": self.rule.table, "free": self.rule.table}
        return found if self.rule.accounts is None else {**found, "accounts": self.rule.accounts[0]}

    def _chosen(self, name: str) -> ChosenKeys:
        if name not in self._keys:
            where = {"users": self.rule.chosen, "free": self.rule.free}
            if self.rule.accounts is not None:
                where["accounts"] = self.rule.accounts[1]
            table = self._tables()[name]
            self._keys[name] = ChosenKeys(table, _key(table), where[name], self.reader)
        return self._keys[name]


def _key(table: Table) -> tuple[str, ...]:
    best = table.primary_key or next((key for key in table.unique_keys if key.is_plain), None)
    names = best.columns if best is not None else tuple(column.name for column in table.columns)
    return tuple(name for name in names if name is not None)


@dataclass
class PartParents:
    """The parents of one part's rows, where users are made beside users that are there.

    Rows of a table that held some already belong to what is new: who was there keeps what he has, and no
    unique key is met twice. Rows of an empty table belong to everybody; those of teams to who is in none.

    Args:
        sources: all sources.
        there: what was there before.
        numbers: how many users there are.
        part: the part.
        framework: the framework, whose recipe says what belongs to teams.
        held: the rows that the part's table held before.
    """

    sources: KeysOfParts
    there: UsersThere
    numbers: UserNumbers
    part: TablePlan
    framework: str
    held: int
    _made: dict[tuple[int, ...], JoinedKeys] = field(default_factory=dict)

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return the rows that a foreign key to `table` can refer to; see `chunk.Parents`."""
        actual = self.sources.table(table)
        planned = self.sources.planned(actual)
        if part is not None or actual.oid == self.part.table.oid or planned is None:
            return self.sources.of(table, part)
        if actual.oid == self.there.rule.table.oid:
            there = self._users()
            users = () if there is None else (*there, *planned)
            return self._joined(actual, users) if users else self.sources.of(table, part)
        new = tuple(source for source in planned if source.count)
        if self._is_of_what_is_new and new:
            return self._joined(actual, new)
        accounts = self.there.accounts(actual) if self.numbers.beside else None
        if accounts is not None:
            return self._joined(actual, (accounts, *planned))
        return self.sources.of(table, part)

    def _users(self) -> tuple[ChosenKeys, ...] | None:
        """The users that were there, to whom rows of the part may belong; None for all of them."""
        if self.part.table.schema in PLATFORM_SCHEMAS:
            return ()
        if self._is_of_teams:
            return (self.there.users(free=True),) if self.numbers.beside else ()
        if self._is_of_what_is_new:
            return ()
        return (self.there.users(free=False),) if self.numbers.beside else None

    @property
    def _is_of_what_is_new(self) -> bool:
        """Whether the table held rows before: who was there has some, unless they are counted by parent."""
        return bool(self.held and self.part.children is None and (self.numbers.new or self._is_of_teams))

    @property
    def _is_of_teams(self) -> bool:
        own = (self.part.logical, self.part.part)
        return any(one.of_teams for one in recipe_for(self.framework) if (one.logical, one.part) == own)

    def _joined(self, table: Table, sources: tuple[KeySource, ...]) -> KeySource:
        if len(sources) == 1:
            return sources[0]
        kept = (table.oid, *map(id, sources))
        if kept not in self._made:
            self._made[kept] = JoinedKeys(_key(table), sources)
        return self._made[kept]
