"""The terminal summary, as text made from values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.server.endpoint import Endpoint

WIDTH = 100
"""Characters: the numbers of a hundred tables stay readable, and most terminals need not wrap again."""

NOTES_SHOWN = 6
"""Notes printed without `-v`; a schema with fifty skipped statements must not bury the test results."""


@dataclass(frozen=True)
class DatasetRecord:
    """What the summary says of one dataset.

    Args:
        name: its template database.
        server: title of the endpoint.
        origin: where the schema came from.
        framework: the detection in one line.
        rows: number by logical table, in the order of loading.
        seconds: how long loading took, when it was made.
        peak_mib: largest resident set meanwhile.
        built: whether this run made it.
        users: how many were asked for.
        seed: the seed.
        shortfalls: tables that hold other than the planned number of rows, and why.
        notes: what differs from Supabase, and what was left out.
        decisions: what became of users that are there, and of new ones.
    """

    name: str
    server: str
    origin: str
    framework: str
    rows: dict[str, int]
    seconds: float
    peak_mib: float
    built: bool
    users: int
    seed: str
    shortfalls: tuple[str, ...]
    notes: tuple[str, ...]
    decisions: tuple[str, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset, endpoint: Endpoint) -> DatasetRecord:
        """Return what is to be said of a dataset."""
        report = dataset.report
        return cls(
            name=dataset.name,
            server=endpoint.title,
            origin=dataset.schema.origin,
            framework=dataset.detection.describe(),
            rows=report.rows_by_table(),
            seconds=report.seconds,
            peak_mib=report.peak_mib,
            built=dataset.built,
            users=dataset.plan.users,
            seed=dataset.plan.seed,
            shortfalls=tuple(f"{part.qualified}: {part.note}" for part in report.shortfalls),
            notes=(*dataset.schema.notes, *report.notes),
            decisions=tuple(map(str, report.decisions)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values, which xdist can send from a worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> DatasetRecord:
        """Return what `to_json` made."""
        lists = ("shortfalls", "notes", "decisions")
        return cls(**{**data, **{name: tuple(data[name]) for name in lists if name in data}})


def summary_lines(records: Iterable[DatasetRecord], *, verbose: bool) -> Iterator[str]:
    """Say what was used: server, then each dataset with its framework, rows, time and memory, then notes.

    Args:
        records: as workers sent them; one dataset may stand in several.
        verbose: print all notes, and what was decided about users.
    """
    merged = _merged(records)
    for server in dict.fromkeys(record.server for record in merged):
        yield f"server: {server}"
    for schema in dict.fromkeys((record.origin, record.framework) for record in merged):
        yield f"schema: {schema[0]}; {schema[1]}"
    for record in merged:
        yield from _dataset_lines(record)
        if verbose:
            yield from (f"  {decision}" for decision in record.decisions)
    yield from _note_lines(
        [note for record in merged for note in (*record.shortfalls, *record.notes)], verbose=verbose
    )


def _merged(records: Iterable[DatasetRecord]) -> list[DatasetRecord]:
    """One record per dataset; one that was built by any worker was built in this run."""
    found: dict[str, DatasetRecord] = {}
    for record in records:
        if record.name not in found or record.built:
            found[record.name] = record
    return list(found.values())


def _dataset_lines(record: DatasetRecord) -> Iterator[str]:
    total = sum(record.rows.values())
    what = "built" if record.built else "reused"
    yield (
        f"dataset: {_count(record.users, 'user')}, seed {record.seed!r}: {_count(total, 'row')}, {what}"
        f" (loaded in {record.seconds:.2f} s, peak memory {record.peak_mib:.0f} MiB)"
    )
    numbers = ", ".join(f"{name} {count:,}".replace(" ", "\0") for name, count in record.rows.items())
    for line in wrap(numbers, WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        yield "  " + line.replace("\0", " ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _note_lines(notes: Sequence[str], *, verbose: bool) -> Iterator[str]:
    unique = list(dict.fromkeys(notes))
    shown = unique if verbose else unique[:NOTES_SHOWN]
    for note in shown:
        yield f"note: {note}"
    if len(shown) < len(unique):
        yield f"note: {len(unique) - len(shown)} more with -v"
