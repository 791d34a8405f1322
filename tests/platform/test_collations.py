"""Collations of ICU are recognised, so that a server without ICU can have another in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platform_databases import one_value

from pytest_supaseed.platform.collations import HAS_ICU, CollationRun, icu_collation

if TYPE_CHECKING:
    import psycopg


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("create collation ci (provider = icu, locale = 'und')", ["ci"]),
        ("create collation if not exists s.\"C I\" (locale='de', Provider='ICU');", ["s", "C I"]),
        ("create collation c (provider = libc, locale = 'C')", None),
        ('create collation c from "C"', None),
        ("create table t (provider text)", None),
    ],
)
def test_which_statements_make_one_from_icu(statement: str, name: list[str] | None) -> None:
    """Those that say so, under any name; no other collation is touched."""
    found = icu_collation(statement)
    assert (found and [token.value for token in found]) == (name and name)


def test_a_server_without_icu_has_it_from_c_and_says_so(empty_database: psycopg.Connection) -> None:
    """Columns can be declared with it; where the server has ICU, the statement is left as it is."""
    run = CollationRun(empty_database)
    statement = "create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
    prepared = run.prepare(statement)
    empty_database.execute(prepared.encode())
    empty_database.execute("create table t (a text collate ci)")
    if one_value(empty_database, HAS_ICU):
        assert prepared == statement
        assert run.notes() == []
    else:
        assert run.notes() == [
            'collations ci: made from "C", as this server has no ICU; text compares byte by byte'
        ]
