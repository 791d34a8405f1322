"""What a plan would take, from a sample of it: rows that are made, and where a server is at hand, loaded."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.rows.keys import KeyReader

SAMPLE_ROWS = 500
"""Rows of a part that are measured at the most: its first ones."""
SAMPLE_TOTAL = 20_000
"""Rows that are measured in all, about: a second or two."""
MAKING_SECONDS = 3.0
"""How long rows are made for a sample, before the rest is taken to be as what was measured."""
ROW_HEADER = 28
"""Bytes of a row besides its values: a header of 23 bytes, padded, and its pointer (66.6, "Page Layout")."""


@dataclass(frozen=True)
class PartSample:
    """What some rows of a part took.

    Args:
        rows: how many were measured.
        seconds: how long they took.
        bytes: how much they take, indexes included where they were loaded.
    """

    rows: int
    seconds: float
    bytes: float


@dataclass(frozen=True)
class Estimate:
    """What a plan would take.

    Args:
        rows: as planned.
        bytes: on the server's disk.
        seconds: how long it would take.
        measured: `loaded`: rows were loaded into a database with the schema; `made`: they were only made, so
            that indexes and the time for loading are not in it.
        sampled: how many rows were measured.
    """

    rows: int
    bytes: int
    seconds: float
    measured: Literal["loaded", "made"]
    sampled: int

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    def __str__(self) -> str:
        if not self.sampled:
            return "nothing could be measured"
        by = f"{self.sampled:,} {'row' if self.sampled == 1 else 'rows'}"
        size, seconds = _in_words(self.bytes), _duration(self.seconds)
        if self.measured == "loaded":
            return f"{size}, {seconds}, by {by} that were loaded"
        return (
            f"{size} without indexes, {seconds} to make them, by {by} that were made; what loading adds was"
            " not measured"
        )


def _in_words(number: int) -> str:
    units = ("bytes", "kB", "MB", "GB", "TB", "PB")
    power = min(max(len(str(number)) - 1, 0) // 3, len(units) - 1)
    return f"{number:,} bytes" if not power else f"{number / 1000**power:,.3g} {units[power]}"


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004  # two digits, no more


def sample_of(plan: SeedPlan) -> SeedPlan:
    """Return a plan of a few rows of each part of another one."""
    most = max(min(SAMPLE_ROWS, SAMPLE_TOTAL // max(len(plan.tables), 1)), 1)
    parts = tuple(replace(part, rows=min(part.rows, most)) for part in plan.tables)
    return replace(plan, tables=parts)


def estimate(
    plan: SeedPlan, samples: Mapping[tuple[int, str], PartSample], measured: Literal["loaded", "made"]
) -> Estimate:
    """Return what a plan would take, if its further rows are as those that were measured.

    What each part took besides its rows (round trips, the smallest part's time) counts once.

    Args:
        plan: the plan.
        samples: by table and part, what was measured.
        measured: how.
    """
    known = [sample for sample in samples.values() if sample.rows]
    rows = sum(sample.rows for sample in known)
    once = min((sample.seconds for sample in known), default=0.0)
    usual = PartSample(rows, sum(one.seconds for one in known), sum(one.bytes for one in known))
    seconds, size = 0.0, 0.0
    for part in plan.tables:
        found = samples.get((part.table.oid, part.part))
        sample = found if found is not None and found.rows else usual
        if not part.rows or not sample.rows:
            continue
        further = max(part.rows - sample.rows, 0) if found is sample else part.rows
        seconds += (sample.seconds if found is sample else 0.0) + further * max(
            sample.seconds - once, 0.0
        ) / sample.rows
        size += part.rows * sample.bytes / sample.rows
    return Estimate(plan.total, round(size), seconds, measured, rows)


def made_samples(
    plan: SeedPlan, catalog: Catalog, table_map: NameResolver, reader: KeyReader
) -> dict[tuple[int, str], PartSample]:
    """Return what the first rows of each part take to be made; nothing is written.

    Rows that need keys which only the database gives cannot be made without it: they are not measured.

    Args:
        plan: the plan.
        catalog: the database's catalog.
        table_map: resolves logical names.
        reader: reads keys that are there.
    """
    sources = PlanSources(plan, catalog, table_map, reader)
    found: dict[tuple[int, str], PartSample] = {}
    deadline = time.perf_counter() + MAKING_SECONDS
    for part in plan.tables:
        if part.adopted_from is None and part.rows and time.perf_counter() < deadline:
            sample = _made(sources, part)
            if sample is not None:
                found[part.table.oid, part.part] = sample
    return found


def _made(sources: PlanSources, part: TablePlan) -> PartSample | None:
    begun = time.perf_counter()
    try:
        source = sources.source(part)
        rows = source.chunk(source.first // CHUNK_ROWS) if source.columns else []
    except (SupaseedError, ArithmeticError, LookupError, ValueError, TypeError):
        return None  # an estimate is no place to find out: whoever loads the part tells why
    size = sum(ROW_HEADER + sum(map(_size, row)) for row in rows)
    return PartSample(len(rows), time.perf_counter() - begun, size)


def _size(value: object) -> int:
    """About how many bytes a value takes."""
    if value is None:
        return 0
    if isinstance(value, str | bytes):
        return 1 + len(value)
    if isinstance(value, dict | list | tuple | set):
        return 4 + len(str(value))
    return 8


def loaded_samples(
    connection: psycopg.Connection, sample: SeedPlan, report: SeedReport
) -> dict[tuple[int, str], PartSample]:
    """Return what the rows of a sample took, which was loaded into an empty database.

    Args:
        connection: to that database.
        sample: the plan that was loaded.
        report: what became of it.
    """
    sizes = dict(_sizes(connection, dict.fromkeys(part.table for part in sample.tables)))
    loaded: dict[int, int] = {}
    for part, found in zip(sample.tables, report.parts, strict=True):
        loaded[part.table.oid] = loaded.get(part.table.oid, 0) + found.loaded
    samples = {}
    for part, found in zip(sample.tables, report.parts, strict=True):
        share = found.loaded / loaded[part.table.oid] if loaded[part.table.oid] else 0.0
        size = sizes.get(part.table.oid, 0) * share
        samples[part.table.oid, part.part] = PartSample(found.loaded, found.seconds, size)
    return samples


def _sizes(connection: psycopg.Connection, tables: Iterable[Table]) -> Iterator[tuple[int, int]]:
    """Bytes of each table by its OID, with its indexes and partitions."""
    query = sql.SQL(
        "select coalesce(sum(pg_total_relation_size(relid))::bigint, pg_total_relation_size({table}))"
        " from pg_partition_tree({table})"  # it is empty for a table that has nothing to do with partitions
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        for table in tables:
            name = sql.Identifier(table.schema, table.name).as_string(connection)
            row: Any = cursor.execute(
                query.format(table=sql.SQL("{}::regclass").format(sql.Literal(name)))
            ).fetchone()
            yield table.oid, row[0]
