"""Pages of reports written by hand, for tests of how they are drawn."""

from __future__ import annotations

import random
from dataclasses import replace

from pytest_supaseed.reporting.pages.page_data import (
    ChildrenPage,
    ColumnPage,
    CostPage,
    DatasetPage,
    FailurePage,
    KeyPage,
    LoadSample,
    PartPage,
    ReportPage,
    TablePage,
    Value,
)

MIB = 1024 * 1024
FREQUENT = (Value("draft", 100), Value("published", 20))
COLUMNS = (
    ColumnPage("id", "bigint", "primary key", 0, 120, "1", "120", "distinct"),
    ColumnPage(
        "made_at", "timestamp with time zone", "", 6, 114, "2025-01-02 10:00", "2025-12-30 11:00",
        "histogram", tuple(range(1, 17)),
    ),
    ColumnPage("status", "text", "", 0, 2, "", "", "values", (), FREQUENT),
    ColumnPage("encrypted_password", "text", "", 3, 0, "", "", "hidden"),
    ColumnPage("gone_at", "date", "", 120),
)  # fmt: skip
CHILDREN = ChildrenPage(
    100, 20, 5, 1.2, (Value("0 children", 20), Value("1 child", 60), Value("2 to 5 children", 20))
)


def table(name: str, schema: str = "public", rows: int | None = 120) -> TablePage:
    """A table with a column of each shape."""
    samples = (("1", "2025-01-02 10:00", "draft", "\N{BULLET}", None), ("2", None, "published", None, None))
    return TablePage(f"{schema}.{name}", schema, rows, "", 120, columns=COLUMNS, samples=samples)


def key(child: str, parent: str, *, is_cut: bool = False) -> KeyPage:
    """A reference between two tables of `public`."""
    children = None if is_cut else CHILDREN
    return KeyPage(f"public.{child}", f"public.{parent}", (f"{parent}_id",), is_cut, is_cut, children)


def dataset(*names: str, keys: tuple[KeyPage, ...] = ()) -> DatasetPage:
    """A dataset that was made in this run; the last of its tables falls short."""
    parts = [PartPage(f"public.{name}", name, 120, "auto", 120, 0.1) for name in names]
    parts[-1] = replace(
        parts[-1], loaded=90, note="30 rows were refused", reason="violates check", constraint="good_check",
        sample="amount=-1", remedy="take fewer", refused=30,
    )  # fmt: skip
    return DatasetPage(
        name="supaseed_tpl_1",
        server="Postgres 18.6",
        origin="schema.sql",
        framework="postgres (confidence 1.00)",
        tables=tuple(map(table, names)),
        keys=keys,
        parts=tuple(parts),
        users=5,
        seed="supaseed",
        built=True,
        seconds=2.5,
        peak_mib=90.0,
        load=tuple(LoadSample(at / 4, at * 100, 60 * MIB + at) for at in range(10)),
        notes=("extension vector: left out",),
    )


SMALL = dataset(
    "users", "teams", "members", "alone",
    keys=(key("members", "users"), key("members", "teams"), key("teams", "members", is_cut=True)),
)  # fmt: skip
COSTS = (
    CostPage("test_a.py::test_one", "restore", 0.05, 0.001, 0.01, "put back"),
    CostPage("test_a.py::test_two", "restore", 0.0001, 0.001, 0.09, "replaced: a table was made"),
    CostPage("test_a.py::test_three", "clone", 0.04, 0.001, 0.0, "dropped"),
    CostPage("test_a.py::test_four", "restore", 0.0, 0.001, 0.0, ""),
)
FAILURE = FailurePage("No server can be had.", ("/usr/lib/postgresql",), ("install one",))


def report(*datasets: DatasetPage) -> ReportPage:
    """A whole report."""
    return ReportPage("campsite", "2026-11-25 10:00 UTC", "0.1.0", datasets, COSTS, (FAILURE,))


def many_tables(count: int) -> DatasetPage:
    """A dataset of so many tables, each with up to three references to earlier ones, some of them to hubs."""
    chosen = random.Random(1)
    names = [f"a_rather_long_table_name_{number:03}" for number in range(count)]
    keys = [
        key(name, names[chosen.randrange(5 if chosen.random() < 0.2 else number)])
        for number, name in enumerate(names)
        if number > 5
        for _ in range(chosen.randrange(4))
    ]
    wide = tuple(replace(column, name=f"{column.name}_{copy}") for copy in (1, 2) for column in COLUMNS)
    made = dataset(*names, keys=tuple(dict.fromkeys(keys)))
    samples = tuple(row * 2 for row in made.tables[0].samples)
    tables = tuple(replace(one, columns=wide, samples=samples) for one in made.tables)
    return replace(made, tables=tables)
