"""What the report shows, as frozen values: made beside a database, sent between processes, drawn anywhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Self, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Iterable

Shape = Literal["histogram", "values", "distinct", "empty", "hidden"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value, as text, and how many rows have it."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """A column, and how its values are distributed among the rows that were looked at.

    Args:
        name: the column.
        type: as `format_type` writes it.
        key: what it is to a key: `primary key`, `unique`, `to public.users`; empty where it is nothing.
        nulls: rows without a value.
        distinct: different values.
        least: the smallest number or moment, or the length of the shortest text; empty where it has no order.
        greatest: likewise.
        shape: `histogram` (of numbers and moments), `values` (the frequent ones), `distinct` (nearly no value
            stands twice), `empty` (no value), `hidden` (it may hold secrets).
        buckets: of a histogram: rows in each of equally wide steps from the least to the greatest.
        values: of `values`: the most frequent ones.
    """

    name: str
    type: str
    key: str = ""
    nulls: int = 0
    distinct: int = 0
    least: str = ""
    greatest: str = ""
    shape: Shape = "empty"
    buckets: tuple[int, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildrenPage:
    """How many rows of a table refer to each row of another one.

    Args:
        parents: rows that can be referred to.
        childless: how many of them nothing refers to.
        most: the largest number of children.
        mean: children per parent, childless ones included.
        counts: numbers of children in words, `2 children`, and how many parents have so many.
    """

    parents: int
    childless: int
    most: int
    mean: float
    counts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A foreign key between tables of the page.

    Args:
        child: the table that refers, `schema.name`.
        parent: the table that is referred to.
        columns: of the child.
        optional: whether they may be null.
        is_cut: whether it closes a circle: loaded as NULL, filled in the end.
        children: the children per parent; None where they were not counted.
    """

    child: str
    parent: str
    columns: tuple[str, ...]
    optional: bool = False
    is_cut: bool = False
    children: ChildrenPage | None = None


@dataclass(frozen=True, slots=True)
class TablePage:
    """A table, and what is in it.

    Args:
        name: `schema.name`.
        schema: the schema alone: a name may hold dots.
        rows: how many; None where they were not counted.
        logical: the name by which tests and factories call it, where it is another one.
        looked_at: rows that the columns speak of; fewer than `rows` in a large table.
        is_estimate: whether `rows` is what Postgres estimates.
        columns: in their order.
        samples: some rows, cut, in the order of the columns; None is NULL.
        unplanned: why the plan leaves it alone; empty where it does not.
        note: why nothing is known of its rows; empty where something is.
    """

    name: str
    schema: str
    rows: int | None = None
    logical: str = ""
    looked_at: int = 0
    is_estimate: bool = False
    columns: tuple[ColumnPage, ...] = ()
    samples: tuple[tuple[str | None, ...], ...] = ()
    unplanned: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part of the plan, and what became of it.

    Args:
        table: `schema.name`.
        label: the part's name for people.
        planned: rows that the plan asks for.
        how: the factory, or the table whose triggers make the rows.
        loaded: rows that came of it; None where it was not tried.
        seconds: how long it took.
        note: why there are other than the planned rows; empty where there are not.
        reason: what Postgres said of the first row that was refused.
        constraint: the constraint that it violated.
        sample: that row, shortened.
        remedy: what is the likeliest to help.
        refused: rows that were refused, replaced ones included.
    """

    table: str
    label: str
    planned: int
    how: str
    loaded: int | None = None
    seconds: float = 0.0
    note: str = ""
    reason: str = ""
    constraint: str = ""
    sample: str = ""
    remedy: str = ""
    refused: int = 0

    @property
    def falls_short(self) -> bool:
        """Whether it holds fewer rows than planned."""
        return self.loaded is not None and self.loaded < self.planned


@dataclass(frozen=True, slots=True)
class LoadSample:
    """How far a seeding was: seconds since it began, rows sent, bytes of this process."""

    seconds: float
    rows: int
    memory: int


@dataclass(frozen=True, slots=True)
class FailurePage:
    """What could not be done: the message of an error, in its parts."""

    summary: str
    looked_at: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Seeded rows, or a database that is there: its tables, their relations, and how they came to be.

    Args:
        name: of the template database, or of the database.
        server: title of the endpoint.
        origin: where the schema came from.
        framework: the detection in one line.
        tables: those that a plan may fill, by name.
        keys: the foreign keys between them.
        parts: the plan, in the order of loading; empty where nothing was planned.
        users: how many were asked for.
        seed: the seed.
        built: whether it was made in this run.
        seconds: how long loading took, whenever that was.
        peak_mib: the largest resident set meanwhile.
        load: how loading went, where it was made in this run.
        notes: what differs from Supabase, and what was left out.
        failure: why there are no rows; None where there are.
    """

    name: str
    server: str
    origin: str
    framework: str
    tables: tuple[TablePage, ...]
    keys: tuple[KeyPage, ...] = ()
    parts: tuple[PartPage, ...] = ()
    users: int = 0
    seed: str = ""
    built: bool = False
    seconds: float = 0.0
    peak_mib: float = 0.0
    load: tuple[LoadSample, ...] = ()
    notes: tuple[str, ...] = ()
    failure: FailurePage | None = None

    @property
    def rows(self) -> int:
        """All rows that are known of."""
        return sum(table.rows or 0 for table in self.tables)


@dataclass(frozen=True, slots=True)
class CostPage:
    """What the database of a test, class or module has cost, in seconds.

    Args:
        test: its id.
        isolation: the mode.
        set_up: until it could be used.
        tear_down: until its connections were closed.
        undo: until what it wrote was undone; that happens before the next test.
        outcome: `untouched`, `put back`, `replaced: ...`, `dropped`, `shared`; empty where nobody came after.
    """

    test: str
    isolation: str
    set_up: float
    tear_down: float
    undo: float = 0.0
    outcome: str = ""

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.set_up + self.tear_down + self.undo


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The whole report.

    Args:
        title: what it is of: the project.
        made_at: when, for people.
        version: of this package.
        datasets: in the order of their first use.
        costs: of the tests.
        failures: what kept tests from having a database.
    """

    title: str
    made_at: str
    version: str
    datasets: tuple[DatasetPage, ...] = ()
    costs: tuple[CostPage, ...] = ()
    failures: tuple[FailurePage, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values, which xdist can send from a worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return what `to_json` made."""
        made: Self = _made(cls, data)
        return made


def merged(datasets: Iterable[DatasetPage]) -> tuple[DatasetPage, ...]:
    """Return each dataset once, in the order of first use: as the process saw it that made it, if one did.

    Args:
        datasets: as several processes have found them.
    """
    found: dict[tuple[object, ...], DatasetPage] = {}
    for dataset in datasets:
        key = (dataset.name, dataset.origin, dataset.users, dataset.seed, dataset.failure)
        if key not in found or (dataset.built and not found[key].built):
            found[key] = dataset
    return tuple(found.values())


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, value: Any) -> Any:
    """A value of a type, from the plain values that JSON has for it."""
    if value is None:
        return None
    if get_origin(kind) is UnionType:
        return _made(next(one for one in get_args(kind) if one is not type(None)), value)
    if get_origin(kind) is tuple:
        (item, *_) = get_args(kind)
        return tuple(_made(item, one) for one in value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # it is a class, never an instance
        return kind(**{name: _made(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    return value
