"""The terminal summary, as text made from values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from pytest_supaseed.reporting.run_record import isolation_lines, trouble_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.reporting.run_record import RunRecord
    from pytest_supaseed.server.endpoint import Endpoint

WIDTH = 100
"""Characters: the numbers of a hundred tables stay readable, and most terminals need not wrap again."""

MOST_LINES = 10
"""Lines without `-v`; a schema with fifty skipped statements must not bury the test results."""
MOST_SCHEMAS = 2
SCHEMA_AND_DATASET_LINES = 5
"""Of them, beside server, two lines of trouble and the report: so one is left for notes in any case."""


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


def summary_lines(
    records: Iterable[DatasetRecord],
    runs: Sequence[RunRecord] = (),
    *,
    verbosity: int = 0,
    report: str = "",
    report_failed: bool = False,
) -> list[str]:
    """Say what was used: server, schemas, datasets, what went wrong, notes, isolation, the report.

    Args:
        records: as workers sent them; one dataset may stand in several.
        runs: what each process says beside.
        verbosity: pytest's. By default there are at most `MOST_LINES` lines; above 0 there is all of it;
            below, what went wrong, which mostly is nothing.
        report: where the report was written, or why not; empty where none was asked for.
        report_failed: whether it could not be written.
    """
    found = _merged(records)
    trouble, written = list(trouble_lines(runs)), [f"report: {report}"] if report else []
    if verbosity < 0:
        shortfalls = [note for record in found for note in record.shortfalls]
        wrong = [*_note_lines(shortfalls, MOST_LINES - 3), *trouble]
        return wrong + (written if report_failed else [])
    notes = [note for kind in ("shortfalls", "notes") for record in found for note in getattr(record, kind)]
    if verbosity > 0:
        datasets = [line for record in found for line in (*_dataset_lines(record), *_decisions(record))]
        told = [*datasets, *trouble, *_note_lines(notes), *isolation_lines(runs)]
        return [*_servers(found), *_schemas(found), *told, *written]
    schemas = _first(_schemas(found), MOST_SCHEMAS, "schemas")
    datasets = _short_datasets(found, SCHEMA_AND_DATASET_LINES - len(schemas))
    head = [*_servers(found)[:1], *schemas, *datasets, *trouble]
    return [*head, *_note_lines(notes, MOST_LINES - len(head) - len(written)), *written]


def _servers(records: Sequence[DatasetRecord]) -> list[str]:
    return [f"server: {server}" for server in dict.fromkeys(record.server for record in records)]


def _schemas(records: Sequence[DatasetRecord]) -> list[str]:
    found = dict.fromkeys((record.origin, record.framework) for record in records)
    return [f"schema: {origin}; {framework}" for origin, framework in found]


def _short_datasets(records: Sequence[DatasetRecord], most: int) -> list[str]:
    """So many lines, whatever there is: the more datasets, the fewer lines for each one's tables."""
    rows = most // max(len(records), 1) - 1
    blocks = [list(_dataset_lines(record)) for record in records]
    short = [
        line for block in blocks for line in (block[0], *_first(block[1:], rows, "lines of tables", "  "))
    ]
    return _first(short, most, "datasets")


def _first(lines: Sequence[str], most: int, what: str, indent: str = "") -> list[str]:
    """The first lines; the last of them says how many are left out."""
    if len(lines) <= most or most <= 0:
        return list(lines[: max(most, 0)])
    return [*lines[: most - 1], f"{indent}{len(lines) - most + 1} more {what} with -v"]


def _decisions(record: DatasetRecord) -> list[str]:
    return [f"  {decision}" for decision in record.decisions]


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


def _note_lines(notes: Sequence[str], most: int | None = None) -> list[str]:
    lines = [f"note: {' '.join(note.split())}" for note in dict.fromkeys(notes)]
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"note: {len(lines) - most + 1} more with -v"]
