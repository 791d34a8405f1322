"""Tests of the benchmarks: their figures are promises too, and their proof has to find what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.constraint_proof import broken_constraints
from benchmarks.coverage import main, schema_paths, with_totals
from benchmarks.coverage_report import markdown_table, summary
from benchmarks.isolation import described
from benchmarks.isolation import main as measure_isolation
from benchmarks.kept_rows import main as measure_kept_rows
from benchmarks.mapping import main as measure_mapping
from benchmarks.memory import main as measure_memory
from benchmarks.outcome import Outcome
from benchmarks.row_digests import row_digests
from benchmarks.scaling import main as measure_scaling
from benchmarks.suite_memory import main as measure_suite
from benchmarks.throughput import main as measure_throughput
from pytest_supaseed.catalog.introspect import introspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

SHOP = """
    create table shops (id serial primary key, name text not null, open boolean not null);
    create table wares (id serial primary key, shop_id int not null references shops, price int);
    alter table wares add constraint not_free check (price > 0);
"""
NEVER = "create table never (id serial primary key, constraint never_true check (false));"
BROKEN = "create table broken (id no_such_type);"


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A folder of three schemas: a file, a folder of two files, and one that does not load."""
    (tmp_path / "shop.sql").write_text(SHOP)
    (tmp_path / "never").mkdir()
    (tmp_path / "never" / "1.sql").write_text(NEVER)
    (tmp_path / "never" / "2.sql").write_text("create table fine (id serial primary key);")
    (tmp_path / "broken.sql").write_text(BROKEN)
    (tmp_path / "README.txt").write_text("no schema")
    return tmp_path


def test_command_measures_a_folder(
    schemas: Path, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON tells per schema what was filled, what was not and why, and what it took; and over all."""
    url = ["--url", _url_of_the_login(endpoint)]

    code = main([str(schemas), "--rows", "15", "--json", "--twice", *url])

    found = json.loads(capsys.readouterr().out)
    assert code == 1, "one schema does not load"
    assert set(found["schemas"]) == {"shop", "never", "broken"}
    shop, never, broken = (found["schemas"][name] for name in ("shop", "never", "broken"))
    assert (shop["tables"], shop["filled"], shop["rows"], shop["unfilled"]) == (2, 2, 30, {})
    assert (shop["violations"], shop["error"], shop["identical_twice"]) == ([], None, True)
    assert shop["peak_mib"] > 10
    assert shop["seconds"] > 0
    assert (never["tables"], never["filled"]) == (2, 1)
    assert "never_true" in never["unfilled"]["public.never"]
    assert "no_such_type" in broken["error"]
    assert found["coverage"] == 0.75
    assert (found["tables"], found["filled"], found["whole"], found["violations"]) == (4, 3, 1, 0)


def _url_of_the_login(endpoint: Endpoint) -> str:
    from urllib.parse import quote

    password = quote(endpoint.password or "", safe="")
    host = quote(endpoint.host, safe="")
    return f"postgresql://{endpoint.user}:{password}@{host}:{endpoint.port}/{endpoint.database}"


def test_one_schema_can_be_chosen(schemas: Path) -> None:
    """Files and folders of SQL are schemas, by their name; anything else is passed over."""
    assert [path.name for path in schema_paths(schemas)] == ["broken.sql", "never", "shop.sql"]
    assert [path.name for path in schema_paths(schemas, ["never"])] == ["never"]


def test_folder_without_schemas_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to measure is an error that names the folder."""
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_schema_that_takes_too_long_costs_itself_alone(
    schemas: Path, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """Past its limit a schema is an error, and the others are measured."""
    (schemas / "asleep.sql").write_text("select pg_sleep(60);")
    names = ["--schema", "asleep"]

    code = main([str(schemas), "--json", "--limit", "3", *names, "--url", _url_of_the_login(endpoint)])

    assert code == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schemas"]["asleep"]["error"] == "not done after 3 seconds"


def test_totals_are_over_all_schemas() -> None:
    """Coverage is the share of all tables; a schema with an error is not whole; the peak is the largest."""
    results = {
        "a": Outcome(tables=3, filled=3, rows=9, seconds=1.5, peak_mib=50).to_json(),
        "b": Outcome(tables=1, filled=0, violations=["x"], peak_mib=70).to_json(),
        "c": Outcome(error="does not load").to_json(),
    }

    found = with_totals(results)

    assert (found["coverage"], found["whole"], found["violations"]) == (0.75, 1, 1)
    assert (found["rows"], found["seconds"], found["peak_mib"]) == (9, 1.5, 70)


def test_results_are_shown_to_people() -> None:
    """The lines name what is not filled, does not hold or differs; the table has a row for each schema."""
    outcome = Outcome(
        tables=2,
        filled=1,
        unfilled={"public.never": "never_true"},
        violations=["public.a: check b: 1 break it"],
        rows=1500,
        seconds=2.5,
        peak_mib=64.2,
        identical_twice=False,
        differing=["public.a"],
    )
    found = with_totals({"shop": outcome.to_json(), "broken": Outcome(error="no_such_type").to_json()})

    said = summary(found)
    assert "not filled: public.never: never_true" in said
    assert "does not hold: public.a: check b: 1 break it" in said
    assert "differs: public.a" in said
    assert "error: no_such_type" in said
    assert "1 of 2 tables filled (50.00%), 0 of 2 schemas whole, 1 violations, 1,500 rows" in said
    assert markdown_table(found).splitlines()[2:] == [
        "| shop | 2 | 1 | 1,500 | 1 | 2.5 | 64 | no |",
        "| broken | does not load | | | | | | |",
        "| **all** | 2 | 1 (50.00%) | 1,500 | 1 | 2.5 | 64 | |",
    ]


def test_proof_finds_what_is_broken(empty_database: psycopg.Connection) -> None:
    """Orphans, half-given keys and refused rows are found although Postgres took them."""
    connection = empty_database
    connection.execute("""
        create table parents (id int primary key, other int unique);
        create table pairs (a int, b int, primary key (a, b));
        create table children (
            parent_id int constraint of_parent references parents,
            a int, b int, amount int,
            constraint of_pair foreign key (a, b) references pairs match full
        );
        set session_replication_role = replica;
        insert into children values (7, null, null, 1), (null, 1, null, 1), (null, null, null, -5);
        reset session_replication_role;
        alter table children add constraint positive check (amount > 0) not valid;
    """)
    catalog = introspect(connection)

    assert set(broken_constraints(connection, catalog, {})) == {
        "public.children: foreign key of_parent: 1 break it",
        "public.children: foreign key of_pair, match full: 1 break it",
        "public.children: check positive: 1 break it",
    }


def test_proof_leaves_out_what_migrations_never_promised(empty_database: psycopg.Connection) -> None:
    """A check that was never validated may not hold for rows that migrations made."""
    connection = empty_database
    connection.execute("""
        create table lines (amount int);
        insert into lines values (-5);
        alter table lines add constraint positive check (amount > 0) not valid;
    """)
    catalog = introspect(connection)
    oid = catalog.by_qualified["public", "lines"].oid

    assert broken_constraints(connection, catalog, {oid: 1}) == []


def test_proof_finds_repeated_values(empty_database: psycopg.Connection) -> None:
    """Values that stand twice are found, of partial indexes and expressions as of columns."""
    connection = empty_database
    connection.execute("""
        create table words (word text, kind int);
        create unique index of_word on words (lower(word));
        create unique index of_kind on words (kind) where word > 'm';
        create unique index of_both on words (word, kind) nulls not distinct;
    """)
    catalog = introspect(connection)
    connection.execute("""
        drop index of_word; drop index of_kind; drop index of_both;
        insert into words values ('A', 1), ('a', 1), ('x', 2), ('y', 2), ('z', null), ('z', null);
    """)

    assert set(broken_constraints(connection, catalog, {})) == {
        "public.words: unique of_both: 1 break it",
        "public.words: unique of_kind: 1 break it",
        "public.words: unique of_word: 2 break it",
    }


def test_proof_finds_missing_values(empty_database: psycopg.Connection) -> None:
    """A NULL where none may be is found; a composite of NULLs is none."""
    connection = empty_database
    connection.execute("""
        create type place as (street text, number int);
        create table houses (name text not null, place place not null);
    """)
    catalog = introspect(connection)
    connection.execute("""
        insert into houses values ('one', row(null, null));
        alter table houses alter name drop not null;
        insert into houses values (null, row('a', 1));
    """)

    assert broken_constraints(connection, catalog, {}) == ["public.houses: not null: 1 break it"]


def test_digest_is_of_rows_and_not_of_their_order(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """The same rows in another order have the same digest, one other value has another."""
    first, second = empty_database, another_database
    for connection in (first, second):
        connection.execute('create table held (held int, "row" text); create table empty (id int)')
    first.execute("insert into held values (1, 'a'), (2, 'b')")
    second.execute("insert into held values (2, 'b'), (1, 'a')")
    catalog = introspect(first)

    same = row_digests(first, catalog)
    assert set(same) == {"public.held"}
    assert row_digests(second, catalog) == same
    second.execute("update held set \"row\" = 'c' where held = 2")
    assert row_digests(second, catalog) != same


def test_names_cost_nothing_once_known(capsys: pytest.CaptureFixture[str]) -> None:
    """Resolving and translating stay far within 50 microseconds a call, over 500 tables."""
    code = measure_mapping(["--json", "--calls", "500"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert set(found["microseconds"]) == {"resolve", "column", "translate_placeholders", "translate"}
    assert all(0 < figure < found["promise"] / 2 for figure in found["microseconds"].values())


def test_names_are_shown_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json there is a line for each."""
    measure_mapping(["--calls", "10"])

    assert "translate_placeholders" in capsys.readouterr().out


def _measured(
    measure: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], *asked: str
) -> dict[str, Any]:
    assert measure(["--json", *asked]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_rows_are_made_about_as_fast_as_taken(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """No ratio is far off; how near they are to what is promised, a machine of one's own tells."""
    sizes = ["--rows=5000", "--users=200", "--written-rows=5000", "--rounds=2"]
    found = _measured(measure_throughput, capsys, *sizes, f"--url={_url_of_the_login(endpoint)}")

    assert found["vs_raw_copy"] > 0.05
    assert found["vs_factory_boy_inserts"] > 3
    assert found["columns_vs_rows"] > 3
    assert found["makerkit_vs_insert_select"] > 0.02
    assert found["rows"] == 10_000


def test_many_rows_take_no_more_memory_than_few(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty thousand rows take what a thousand take."""
    sizes = ["--few=1000", "--many=20000"]
    found = _measured(measure_memory, capsys, *sizes, f"--url={_url_of_the_login(endpoint)}")

    assert found["growth_mib_1k_to_1m"] < 16
    assert found["few_peak_mib"] > 20


def test_a_row_takes_no_longer_among_many(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """The time of a row does not grow with their number."""
    url = f"--url={_url_of_the_login(endpoint)}"
    found = _measured(measure_scaling, capsys, "--sizes", "2000", "20000", "--rounds=2", url)

    assert 0 < found["cpu_per_row_1m_over_10k"] < 2
    assert 0 < found["time_per_row_1m_over_10k"] < 3
    assert set(found["microseconds_per_row"]) == {"2000", "20000"}


def test_many_tests_leave_no_memory_behind(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """Tests that read the database leave no more behind than tests that do nothing."""
    url = f"--url={_url_of_the_login(endpoint)}"
    found = _measured(measure_suite, capsys, "--tests=30", "--users=5", url)

    assert found["growth_mib_10k_tests"] < 10
    assert found["tests"] == 30


def test_isolation_costs_what_a_test_wrote(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """Every ratio is there, of tests that found their databases as they were made; none is far off."""
    found = _measured(measure_isolation, capsys, "--quick", f"--url={_url_of_the_login(endpoint)}")

    assert 0 < found["read_vs_clone"] < 0.5
    assert 0 < found["commit3_vs_clone"] < 2
    assert 0 < found["commit1000_vs_clone"] < 2
    assert 0 < found["alter_vs_clone"] < 2
    assert found["suite200_speedup_vs_pytest_postgresql"] > 0
    assert found["n2_over_n0"] > 0
    ways = found["costs"]["small"]
    assert {"clone", "restore", "rollback", "clone_mode", "truncate", "pytest_postgresql"} <= set(ways)
    assert set(ways["restore"]) - set(ways["truncate"]) == {"alter"}, "TRUNCATE does not undo it"
    assert all(0 < cost["median_ms"] <= cost["p95_ms"] for costs in ways.values() for cost in costs.values())
    assert "| truncate |" in described(found)


def test_kept_rows_have_a_price(endpoint: Endpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """A clone is larger by the rows that are kept; putting one back is measured against a clone."""
    url = f"--url={_url_of_the_login(endpoint)}"
    found = _measured(measure_kept_rows, capsys, "--megabytes", "0", "--rounds=1", url)

    assert found["0"]["megabytes_kept"] > found["0"]["megabytes"]
    assert 0 < found["0"]["restore_ms"] < found["0"]["clone_ms"] * 5
