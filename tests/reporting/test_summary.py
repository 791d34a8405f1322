"""The summary: text made from values."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pytest_supaseed.reporting.run_record import RunRecord
from pytest_supaseed.reporting.summary import (
    MOST_LINES,
    WIDTH,
    DatasetRecord,
    summary_lines,
)

RECORD = DatasetRecord(
    name="supaseed_tpl_1",
    server="embedded Postgres 18.6",
    origin="supabase/migrations, 4 files",
    framework="makerkit (confidence 1.00)",
    rows={"users": 1500, "accounts": 1800},
    seconds=1.234,
    peak_mib=70.4,
    built=True,
    users=1500,
    seed="ci",
    shortfalls=(),
    notes=(),
)


RUN = RunRecord(
    outcomes={"untouched": 1200, "put back": 30, "replaced: other objects": 2, "": 1},
    seconds=1.5,
    dearest="tests/test_x.py::test_ddl",
    dearest_seconds=0.0812,
    dearest_outcome="replaced: other objects",
)
WRONG = replace(RUN, kept=("supaseed_kept_1",), failures=("users: refused.\nmore",))


def lines(*records: DatasetRecord, **asked: Any) -> list[str]:
    """Return the summary's lines."""
    return summary_lines(records, **asked)


def test_a_dataset_in_four_lines() -> None:
    """Server, schema with framework, what was made in which time and memory, and rows by table."""
    assert lines(RECORD) == [
        "server: embedded Postgres 18.6",
        "schema: supabase/migrations, 4 files; makerkit (confidence 1.00)",
        "dataset: 1,500 users, seed 'ci': 3,300 rows, built (loaded in 1.23 s, peak memory 70 MiB)",
        "  users 1,500, accounts 1,800",
    ]


def test_a_dataset_that_was_there_is_reused() -> None:
    """The reader sees whether the run paid for the seeding."""
    (_, _, dataset, _) = lines(replace(RECORD, built=False))
    assert "3,300 rows, reused (loaded in" in dataset


def test_what_several_workers_say_of_one_dataset_is_said_once() -> None:
    """One worker made it, so it was built in this run, whatever the order in which they report."""
    reused = replace(RECORD, built=False)
    assert lines(RECORD, reused) == lines(reused, RECORD, reused) == lines(RECORD)


def test_several_datasets_share_what_they_have_in_common() -> None:
    """Server and schema are not repeated for each; datasets come in the order of their first use."""
    small = replace(RECORD, name="supaseed_tpl_2", users=1, rows={"users": 1}, built=False)
    found = lines(RECORD, small, RECORD)
    assert [line.partition(":")[0] for line in found if not line.startswith(" ")] == [
        "server",
        "schema",
        "dataset",
        "dataset",
    ]
    assert found[4].startswith("dataset: 1 user, seed 'ci': 1 row, reused")


def test_each_schema_is_said() -> None:
    """A run with tests of two frameworks names both."""
    other = replace(RECORD, name="supaseed_tpl_2", framework="basejump (as asked)")
    assert [line for line in lines(RECORD, other) if line.startswith("schema: ")] == [
        "schema: supabase/migrations, 4 files; makerkit (confidence 1.00)",
        "schema: supabase/migrations, 4 files; basejump (as asked)",
    ]


def test_the_numbers_of_many_tables_are_wrapped() -> None:
    """A hundred tables stay readable, and no name is parted from its number."""
    rows = {f"a rather-long_table_name_{number}": number for number in range(100)}
    found = [line for line in lines(replace(RECORD, rows=rows), verbosity=1) if line.startswith("  ")]
    assert max(map(len, found)) <= WIDTH
    entries = [entry for line in found for entry in line.strip().rstrip(",").split(", ")]
    assert entries == [f"{name} {count:,}" for name, count in rows.items()]


def test_no_rows_take_no_line() -> None:
    """With 0 users the schema alone is there, which the summary says without an empty line."""
    found = lines(replace(RECORD, rows={}, users=0))
    assert found[-1].startswith("dataset: 0 users, seed 'ci': 0 rows")


def test_notes_are_said_once_and_do_not_bury_the_results() -> None:
    """Shortfalls come first; what is too much is counted, and shown in full with -v."""
    notes = tuple(f"note {number}" for number in range(9))
    record = replace(RECORD, shortfalls=("public.setups: 3 of 5",), notes=(*notes, "note 0"))
    short, full = lines(record), lines(record, verbosity=1)
    assert short[4:] == [
        "note: public.setups: 3 of 5",
        *(f"note: note {number}" for number in range(4)),
        "note: 5 more with -v",
    ]
    assert full[4:] == ["note: public.setups: 3 of 5", *(f"note: {note}" for note in notes)]


@pytest.mark.parametrize("tables", [2, 200])
@pytest.mark.parametrize("datasets", [1, 2, 3, 12])
@pytest.mark.parametrize("schemas", [1, 2, 5])
@pytest.mark.parametrize("runs", [(), (WRONG, WRONG)])
def test_ten_lines_at_most(tables: int, datasets: int, schemas: int, runs: tuple[RunRecord, ...]) -> None:
    """However much there is: server, a dataset, trouble, a note and the report are always among them."""
    rows = {f"a_table_with_a_long_name_{number}": number for number in range(tables)}
    records = [
        replace(
            RECORD,
            name=str(number),
            rows=rows,
            framework=f"f{number % schemas}",
            notes=("a\nb", *map(str, range(9))),
        )
        for number in range(datasets)
    ]
    found = lines(*records, runs=runs, report="report.html")
    assert len(found) <= MOST_LINES == 10
    kinds = {line.partition(":")[0] for line in found}
    assert kinds >= {"server", "schema", "dataset", "note", "report", *(("failed", "kept") if runs else ())}
    assert "note: a b" in found or found[-2].endswith("more with -v")
    assert all("\n" not in line for line in found)
    assert len(lines(*records, runs=runs, verbosity=1)) > 10


def test_quiet_runs_hear_of_what_went_wrong() -> None:
    """With -q there is nothing, unless rows are missing, a seeding failed, or a database is kept."""
    assert lines(RECORD, runs=[RUN], verbosity=-1, report="report.html") == []
    short = replace(RECORD, shortfalls=("public.setups: 3 of 5",), notes=("fine",))
    assert lines(short, runs=[WRONG], verbosity=-1, report="not written: x", report_failed=True) == [
        "note: public.setups: 3 of 5",
        "failed: users: refused.",
        "kept: 1 database of a failed test; supaseed cache open supaseed_kept_1",
        "report: not written: x",
    ]


def test_isolation_is_said_with_v_for_all_workers_together() -> None:
    """How many databases were put back or replaced, for which reasons, and which test's was the dearest."""
    other = RunRecord(
        {"untouched": 1, "replaced: " + "x" * 200: 1}, 0.5, "t.py::test_a" * 20, 0.1, "untouched"
    )
    assert "isolation" not in str(lines(RECORD, runs=[RUN, other]))
    found = lines(RECORD, runs=[RUN, RunRecord({}), other], verbosity=1)[4:]
    lent = "isolation: 1,235 databases lent, 1,201 untouched, 30 put back, 3 replaced, 1 not needed again"
    assert found[:2] == [f"{lent} (2.00 s in all)", "  replaced 2 times: other objects"]
    assert found[2].startswith("  replaced once: xxx")
    assert found[2].endswith("...")
    assert found[3].endswith("...: 100 ms, untouched")
    assert (
        lines(RECORD, runs=[RUN], verbosity=1)[-1] == "  dearest: tests/test_x.py::test_ddl: 81 ms, replaced"
    )


def test_a_record_survives_the_way_from_a_worker() -> None:
    """Xdist sends plain values only: they come back as the same record."""
    record = replace(RECORD, shortfalls=("a: b",), notes=("c", "d"))
    assert DatasetRecord.from_json(json.loads(json.dumps(record.to_json()))) == record
    assert RunRecord.from_json(json.loads(json.dumps(WRONG.to_json()))) == WRONG


def test_nothing_used_is_nothing_said() -> None:
    """No test asked for a database: there is nothing to report."""
    assert lines() == []
