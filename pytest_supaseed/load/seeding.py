"""One seeding while it goes on: the connection, what it is told, and what came of it so far."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from psycopg import sql

from pytest_supaseed.load.interruption import StopSign
from pytest_supaseed.load.quiet_triggers import without_triggers
from pytest_supaseed.load.seeding_place import PartProgress, Place, known_json
from pytest_supaseed.load.statement_ends import StatementEnds
from pytest_supaseed.progress import PartStarted, RowsSent
from pytest_supaseed.rows.batches import BatchSizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.load.ledger import Ledger
    from pytest_supaseed.load.refusals import Refusal
    from pytest_supaseed.load.report import PartReport
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.progress import ProgressListener
    from pytest_supaseed.rows.memory_guard import MemoryGuard
    from pytest_supaseed.rows.sources import PlanSources

Triggers: TypeAlias = Literal["fire", "skip"]
"""Whether user triggers fire while rows are loaded."""

PART_SECONDS = 120
"""How long a part may take, before its rows are counted: a trigger that sleeps is named, not waited for."""
ROW_SECONDS = 0.001
"""What each row adds to that; a slow machine writes 10,000 rows of a wide table in a second."""


class MemoryReached(Exception):  # noqa: N818  # what happened: the seeding is ended by it
    """The rows being made do not fit into the memory that they may take.

    Args:
        limits: what is in use, and what may be.
    """

    def __init__(self, limits: list[str]) -> None:
        super().__init__("memory limit reached")
        self.limits = limits


@dataclass(frozen=True)
class Outcome:
    """What came of one part: the rows that are there, how many were refused, the first refusal."""

    loaded: int
    refused: int = 0
    first: Refusal | None = None


@dataclass
class Seeding:
    """One seeding; parts are reported in the order of loading."""

    connection: psycopg.Connection
    plan: SeedPlan
    catalog: Catalog
    sources: PlanSources
    listener: ProgressListener
    may_disable_triggers: bool
    first_transaction: str
    """A transaction id older than all rows of ours."""
    guard: MemoryGuard
    triggers: Triggers = "fire"
    parts: list[PartReport] = field(default_factory=list)
    made: list[TablePlan] = field(default_factory=list)
    """The parts as they were loaded: one whose triggers made nothing is no longer an adopted one."""
    quiet: dict[int, frozenset[str] | None] = field(default_factory=dict)
    """By OID, tables whose triggers let no row pass: the functions of those that are off; None for all."""
    settled: dict[int, int] = field(default_factory=dict)
    """By OID, tables whose random ids were settled, and how many rows they held then."""
    judged: set[int] = field(default_factory=set)
    """By OID, tables of which further rows were taken in place of planned ones."""
    notes: list[str] = field(default_factory=list)
    ledger: Ledger | None = None
    """Where the rows are written down, in a database of the user's own."""
    rehearsed: bool = False
    """Whether all of it goes on in one transaction, on one connection, and is rolled back in the end."""
    stop: StopSign = field(default_factory=StopSign)
    """Asks it to stop between two batches."""
    before: dict[int, PartProgress] = field(default_factory=dict)
    """By a part's number, how far it was loaded before this process took the run up."""
    filled: set[int] = field(default_factory=set)
    """OIDs of the cut keys that are filled."""
    sizes: BatchSizes = field(default_factory=BatchSizes)
    """How many rows are committed at once."""
    at: TablePlan | None = None
    """The part that is being loaded."""
    place: Place = field(default_factory=Place)
    """How far it is, once the open transaction is committed."""
    committed: int = 0
    """How many of its rows are committed."""

    @cached_property
    def statement_ends(self) -> StatementEnds:
        """Says which tables cannot be written in batches."""
        return StatementEnds(self.catalog)

    def begin(self, part: TablePlan) -> None:
        """Begin with a part."""
        self.at, self.committed = part, 0
        self.place = self.taken_up or Place()
        self.sizes.begin_table()
        self.listener(PartStarted(part.label, part.rows))

    def sent(self, label: str, rows: int) -> None:
        """Tell that so many rows of a part were sent."""
        self.guard.share()
        self.listener(RowsSent(label, rows, self.guard.now))

    def check_memory(self) -> None:
        """See that the rows being made fit into memory.

        Raises:
            MemoryReached: they do not.
        """
        if self.guard.share() >= 1 and self.guard.relieve() >= 1:
            raise MemoryReached(self.guard.describe())

    @contextmanager
    def writing(self, table: Table, seconds: float) -> Iterator[None]:
        """A transaction that writes rows of a table, each statement in `seconds`, triggers as asked for."""
        with self.transaction():
            self.limit_time(seconds)
            self.look_into(table.schema)
            if self.triggers == "fire" and table.oid not in self.quiet:
                yield
            else:
                functions = self.quiet.get(table.oid) if self.triggers == "fire" else None
                with without_triggers(self.connection, table, event="insert", functions=functions):
                    yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction that writes rows; the ledger, where there is one, has them before it is committed.

        Raises:
            SeedingStopped: it was asked to stop, and can go on from what this transaction commits.
        """
        with self.connection.transaction():
            if self.rehearsed:
                self.connection.execute("set constraints all deferred")
            yield
            if self.ledger is not None and self.at is not None:
                self.ledger.record(self.number)
                self.mark()
            if self.rehearsed:
                self._end_rehearsed()
        if self.place.phase != "other":
            self.stop.heed()

    def _end_rehearsed(self) -> None:
        """What the end of a transaction does, where it is but a savepoint."""
        self.connection.execute("set constraints all immediate")
        self.connection.execute("set local search_path to default")
        self.connection.execute("set local statement_timeout = 0")

    @property
    def number(self) -> int:
        """The number of the part that is being loaded."""
        return 0 if self.at is None else self.plan.tables.index(self.at)

    @property
    def taken_up(self) -> Place | None:
        """Where another process stopped loading the part, of which rows are committed; None otherwise."""
        known = self.before.get(self.number)
        return None if known is None or known.report is not None else known.place

    def take_up(self) -> Place:
        """Where to begin with the rows of the part; from now on it is loaded by this process alone."""
        place = self.taken_up or Place()
        self.before.pop(self.number, None)
        return place

    def mark(self, report: dict[str, Any] | None = None) -> None:
        """Let the ledger know how far the part is; with what became of it once it is done."""
        if self.ledger is not None and self.at is not None:
            self.ledger.mark(self.number, self.at.label, self.at.rows, self.place, known_json(self), report)

    def look_into(self, schema: str) -> None:
        """Let code of the schema, such as triggers, find what it names without it: as its own scripts do."""
        if schema != "public":
            self.connection.execute(
                "select set_config('search_path', concat_ws(', ', current_setting('search_path'),"
                " quote_ident(%s)), true)",
                (schema,),
            )

    def limit_time(self, seconds: float) -> None:
        """Let statements of the current transaction take so long and no longer."""
        statement = sql.SQL("set local statement_timeout = {}")
        self.connection.execute(statement.format(sql.Literal(int(seconds * 1000))))
