"""The plan: frozen, printable, digestible, made without touching a database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES
from pytest_supaseed.logins import ORDINARY, Logins
from pytest_supaseed.option_values import DEFAULT_DOMAIN
from pytest_supaseed.plan.locales import DEFAULT_LOCALE
from pytest_supaseed.plan.user_strategy import UserDecision, UserNumbers, UserRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.email_pattern import Addresses
    from pytest_supaseed.option_values import PerParent
    from pytest_supaseed.plan.child_counts import Children
    from pytest_supaseed.plan.user_factories import UserFactory

AUTO = "auto"
"""The factory name of parts whose factory is derived from the catalog."""


@dataclass(frozen=True)
class SeedRequest:
    """What a user asked for.

    Args:
        users: how many users; 0 asks for the schema alone.
        seed: any text; the same seed gives the same rows.
        rows: exact numbers of rows by logical or actual table name, in place of the recipe's; or numbers for
            each row of a parent table.
        factories: those that the user wrote, for the tables that they name.
        locale: the locale of names, places and words, as Faker has it.
        domain: what the rows speak of: `outdoor`.
        user_request: what becomes of users that are there, and what e-mail addresses look like.
        logins: how users log in, and which of them are no ordinary ones.
        listed: by a table's OID and a column, the values that its rows have in turn.
    """

    users: int = 10
    seed: str = "supaseed"
    rows: Mapping[str, int | PerParent] = field(default_factory=dict)
    factories: tuple[UserFactory, ...] = ()
    locale: str = DEFAULT_LOCALE
    domain: str = DEFAULT_DOMAIN
    user_request: UserRequest = field(default_factory=UserRequest)
    logins: Logins = ORDINARY
    listed: Mapping[int, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class TablePlan:
    """A part of a table's rows that one factory makes; most tables have a single part, named ``""``."""

    table: Table
    logical: str
    """The logical name, or the qualified name where the table has none; the randomness is addressed by it."""
    part: str
    rows: int
    factory: str
    """The name of one of our factories, `auto`, or `module:Class` of a user's."""
    adopted_from: str | None = None
    """The table whose triggers make these rows; they are never inserted by us."""
    required: bool = False
    """Whether a failure here fails the whole seeding."""
    note: str = ""
    """Why there are fewer rows than were asked for; empty where there are not."""
    children: Children | None = None
    """How many rows each row of a parent table gets, where that was asked for."""

    @property
    def label(self) -> str:
        """`accounts (teams)`, for people."""
        return f"{self.logical} ({self.part})" if self.part else self.logical


@dataclass(frozen=True)
class Unplanned:
    """A table that the plan leaves alone, and why."""

    table: Table
    reason: str


@dataclass(frozen=True)
class SeedPlan:
    """Parts in the order of loading."""

    tables: tuple[TablePlan, ...]
    seed: str
    users: int
    cut_keys: frozenset[int] = frozenset()
    """OIDs of nullable foreign keys that close a circle: loaded as NULL, to be filled when all tables are."""
    unplanned: tuple[Unplanned, ...] = ()
    existing: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """Rows that are there, by table OID; they are kept and referred to."""
    factories: tuple[UserFactory, ...] = ()
    framework: str = "postgres"
    together: tuple[frozenset[int], ...] = ()
    """Groups of tables, by OID, whose NOT NULL keys form a circle: each is loaded in one transaction."""
    locale: str = DEFAULT_LOCALE
    """The locale of names, places and words."""
    domain: str = DEFAULT_DOMAIN
    """What the rows speak of."""
    numbers: UserNumbers | None = None
    """How many users are made, beside how many."""
    decisions: tuple[UserDecision, ...] = ()
    """What is decided about users that are there."""
    addresses: Addresses = DEFAULT_ADDRESSES
    """How e-mail addresses of users are made."""
    logins: Logins = ORDINARY
    """How users log in, and which of them are no ordinary ones."""
    listed: Mapping[int, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    """By a table's OID and a column, the values that its rows have in turn."""
    first_row: int = 0
    """The index of each part's first row: earlier runs into the same database used those before it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """One line for each part that gets fewer rows than were asked for."""
        return tuple(f"{part.table.qualified} {part.note}" for part in self.tables if part.note)

    def parts_of(self, table: Table) -> tuple[TablePlan, ...]:
        """The parts of one table, in order."""
        return tuple(part for part in self.tables if part.table.oid == table.oid)

    def describe(self) -> tuple[str, ...]:
        """One line per part, in order: `500 rows  accounts (teams) -> public.accounts  by makerkit.team`."""
        return tuple(_describe(part) for part in self.tables)

    def digest(self) -> str:
        """A hex digest of the decisions, the same on every machine."""
        users = [] if self.numbers is None or not self.numbers.beside else [repr(self.numbers)]
        addresses = self.addresses
        made = f"{addresses.pattern.text} {addresses.after} {sorted(addresses.taken)} {self.first_row}"
        logins = [self.logins.password, str(dict(self.logins.kinds)), str(self.logins.personas)]
        said = [self.seed, str(self.users), self.locale, self.domain, made, *logins, *users, *self._listed()]
        text = "\n".join([*said, *self.describe()])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _listed(self) -> list[str]:
        """A line for each column whose values are listed."""
        tables = {part.table.oid: part.table.qualified for part in self.tables}
        return sorted(
            f"{tables[oid]} {column} {values}"
            for oid, columns in self.listed.items()
            for column, values in columns.items()
            if oid in tables
        )

    @property
    def total(self) -> int:
        """All rows, adopted ones included."""
        return sum(part.rows for part in self.tables)


def _describe(part: TablePlan) -> str:
    how = f"made by triggers of {part.adopted_from}" if part.adopted_from else f"by {part.factory}"
    per = f", {part.children}" if part.children is not None else ""
    return f"{part.rows:>9,} rows  {part.label} -> {part.table.qualified}  {how}{per}"


def describe_rows(parts: Sequence[TablePlan]) -> str:
    """`users 50, accounts 60, ...`: rows per table, for one line."""
    totals: dict[str, int] = {}
    for part in parts:
        totals[part.logical] = totals.get(part.logical, 0) + part.rows
    return ", ".join(f"{name} {count:,}" for name, count in totals.items())
