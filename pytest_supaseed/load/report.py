"""What became of a plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pytest_supaseed.plan.user_strategy import UserDecision


@dataclass(frozen=True)
class PartReport:
    """What became of one part: `loaded` rows of the `planned` ones, and why where they differ.

    Args:
        schema: the actual table's schema.
        table: the actual table.
        logical: its logical name, or the qualified one.
        part: the part's name, where the table has several.
        planned: rows that the plan asks for.
        loaded: rows that are there.
        seconds: how long it took.
        adopted: whether triggers made the rows.
        note: all of the following in one line; empty where the planned rows are there.
        reason: what Postgres, or the generator, said of the first row that was refused.
        constraint: the constraint that it violated, where one is known.
        sample: that row, shortened and without secrets.
        remedy: the line of configuration that is the likeliest to help.
        refused: how many rows were refused, be they replaced by others or not.
    """

    schema: str
    table: str
    logical: str
    part: str
    planned: int
    loaded: int
    seconds: float
    adopted: bool = False
    note: str = ""
    reason: str = ""
    constraint: str = ""
    sample: str = ""
    remedy: str = ""
    refused: int = 0

    @property
    def qualified(self) -> str:
        """`schema.table`."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class SeedReport:
    """What became of the whole plan. `peak_mib` is this process's largest resident set seen meanwhile."""

    parts: tuple[PartReport, ...]
    seconds: float
    peak_mib: float
    notes: tuple[str, ...] = ()
    decisions: tuple[UserDecision, ...] = ()
    """What became of users: kept, created, skipped, and why."""

    @property
    def rows_total(self) -> int:
        """All rows, adopted ones included."""
        return sum(part.loaded for part in self.parts)

    @property
    def shortfalls(self) -> tuple[PartReport, ...]:
        """The parts that hold other than the planned number of rows."""
        return tuple(part for part in self.parts if part.loaded != part.planned)

    def rows_by_table(self) -> dict[str, int]:
        """Rows per logical table, in the order of loading."""
        totals: dict[str, int] = {}
        for part in self.parts:
            totals[part.logical] = totals.get(part.logical, 0) + part.loaded
        return totals

    def to_json(self) -> dict[str, Any]:
        """A JSON-compatible value that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SeedReport:
        """The report that `to_json` wrote."""
        parts = tuple(PartReport(**part) for part in data["parts"])
        decisions = tuple(map(UserDecision.from_json, data.get("decisions", ())))
        return cls(parts, data["seconds"], data["peak_mib"], tuple(data["notes"]), decisions)
