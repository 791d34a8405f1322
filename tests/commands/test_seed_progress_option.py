"""Tests of `supaseed seed` with `--progress`, `--batch-size` and `--memory-limit`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands.looked_at import SCHEMA, url_of

if TYPE_CHECKING:
    import psycopg
    from commands.looked_at import Project


@pytest.fixture
def own(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own."""
    empty_database.execute(SCHEMA)
    return empty_database


def test_events_are_lines_of_json_beside_the_result(project: Project, own: psycopg.Connection) -> None:
    """On standard error, from the first one on; standard output is the result alone."""
    result = project.run(
        "seed", "--url", url_of(own), "--yes", "--json", "--progress", "json", "--rows", "users=40",
        "--batch-size", "10",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)["report"]
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert events[0]["event"] == "SeedingStarted"
    assert events[0]["parts"] == len(report["parts"])
    assert events[-1]["event"] == "SeedingFinished"
    assert events[-1]["rows"] == sum(part["loaded"] for part in report["parts"])
    assert {event["event"] for event in events} >= {"PartStarted", "RowsSent", "PartFinished"}


@pytest.mark.parametrize("wanted", ["auto", "none"])
def test_a_short_seed_shows_nothing(project: Project, own: psycopg.Connection, wanted: str) -> None:
    """Less than a second."""
    result = project.run("seed", "--url", url_of(own), "--yes", "--progress", wanted)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--batch-size", "0", "--batch-size is '0'; allowed is auto, or a whole number of rows, 1 or more"),
        ("--memory-limit", "abc", "--memory-limit is 'abc'; allowed is 16MB or more"),
    ],
)
def test_a_wrong_size_is_wrong_usage(
    project: Project, own: psycopg.Connection, flag: str, value: str, said: str
) -> None:
    """Before anything is looked at."""
    result = project.run("seed", "--url", url_of(own), "--yes", flag, value)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_run_that_memory_ends_leaves_its_batches_in_the_ledger(
    project: Project, own: psycopg.Connection
) -> None:
    """What was committed can be cleaned up, and the error says so."""
    project.write(
        "big.py",
        "import factory\nfrom pytest_supaseed import TableFactory\n\n\n"
        'class OutsideFactory(TableFactory):\n    class Meta:\n        table = "outside"\n\n'
        '    note = factory.Sequence(lambda n: f"{n:06}" * 10_000)\n',
    )
    project.write("pyproject.toml", '[tool.supaseed]\nfactories = ["big"]\n')
    url = url_of(own)
    result = project.run(
        "seed",
        "--url",
        url,
        "--yes",
        "--memory-limit",
        "16MB",
        "--rows",
        "outside=3000",
        "--batch-size",
        "500",
    )
    assert result.exit_code == 1, result.output
    assert "the memory that it may take is full" in result.stderr
    assert "stands in the ledger: supaseed cleanup takes it out" in result.stderr
    found = own.execute("select count(*) from outside").fetchone()
    assert found is not None
    assert found[0] % 500 == 0
    assert project.run("cleanup", "--url", url, "--yes").exit_code == 0
    assert own.execute("select count(*) from outside").fetchone() == (0,)
