"""What stands in for pgvector: a type that takes what the real one takes, and computes what it computes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from platform_databases import database

from pytest_supaseed.platform.index_parameters import without_search_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

SAME = (
    "'[1,2,3]'::vector(3)",
    "'[1.50, 2 ,3e2]'::vector(3)",
    "array[1,2,3]::vector",
    "array[0.1,0.2]::vector(2)",
    "array[0.1,0.2]::real[]::vector",
    "'[1,2,3]'::vector::real[]",
    "'[1,2,3]'::vector <-> '[3,2,1]'",
    "'[1,2,3]'::vector <#> '[3,2,1]'",
    "'[1,2,3]'::vector <=> '[3,2,1]'",
    "'[1,2,3]'::vector <+> '[3,2,1]'",
    "'[1,2]'::vector <=> '[2,4]'",
    "'[0,0]'::vector <=> '[1,1]'",
    "l2_distance('[0.1,0.2]'::vector, '[0.3,0.4]')",
    "inner_product('[1,2]'::vector, '[3,4]')",
    "cosine_distance('[1,2]'::vector, '[-1,-2]')",
    "l1_distance('[1,2]'::vector, '[3,5]')",
    "vector_dims('[1,2,3]'::vector)",
    "vector_norm('[3,4]'::vector)",
    "l2_normalize('[3,4]'::vector)",
    "l2_normalize('[0,0]'::vector)",
    "subvector('[1,2,3,4,5]'::vector, 2, 3)",
    "binary_quantize('[1,0,-1,2]'::vector)",
    "'[1,2]'::vector + '[3,4]'",
    "'[1,2]'::vector - '[3,5]'",
    "'[1,2]'::vector * '[3,4]'",
    "'[1,2]'::vector || '[3]'",
    "'[1,2]'::vector < '[1,3]'",
    "'[1,2]'::vector <= '[1,2]'",
    "'[1,2]'::vector > '[1]'",
    "'[1,2]'::vector >= '[2,1]'",
    "'[1,2]'::vector = '[1.0,2.0]'",
    "'[1,2]'::vector <> '[1,2]'",
    '(select avg(v) from unnest(\'{"[1,2]","[3,5]","[2,2]"}\'::vector[]) as v)',
    '(select sum(v) from unnest(\'{"[1,2]","[3,5]"}\'::vector[]) as v)',
    "(select avg(v) from unnest('{}'::vector[]) as v)",
    '(select array_agg(distinct v) from unnest(\'{"[3]","[1]","[3]"}\'::vector[]) as v)',
    "format_type('vector'::regtype, 1536)",
)
REFUSED = (
    "'[1,2]'::vector(3)",
    "'[1,2'::vector(3)",
    "'[]'::vector(3)",
    "'hello'::vector(3)",
    "'[1,null]'::vector(2)",
    "'[1,\"a\"]'::vector(2)",
    "'[1,1e400]'::vector(2)",
    "array[1,null]::vector",
    "array[1,'NaN'::real]::vector",
    "array[1,2]::vector(3)",
    "'[1,2]'::vector <-> '[1,2,3]'",
    "'[1,2]'::vector + '[1,2,3]'",
    "'[1,2]'::vector(0)",
)
INDEXES = (
    "using hnsw (embedding vector_l2_ops)",
    "using hnsw (embedding vector_ip_ops) with (m = 16, ef_construction = 64)",
    "using hnsw (embedding vector_cosine_ops)",
    "using hnsw (embedding vector_l1_ops)",
    "using ivfflat (embedding)",
    "using ivfflat (embedding vector_l2_ops) with (lists = 100)",
    "using ivfflat (embedding vector_ip_ops)",
    "using ivfflat (embedding vector_cosine_ops) with (lists = 100)",
)


@pytest.fixture(scope="module")
def real(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A database with the real pgvector."""
    with (
        database(endpoint, "supaseed_test_vector") as name,
        psycopg.connect(endpoint.conninfo(name), autocommit=True) as connection,
    ):
        if not connection.execute("select from pg_available_extensions where name = 'vector'").fetchall():
            pytest.skip("this server has no pgvector")
        connection.execute("create extension vector")
        yield connection


@pytest.fixture
def items(stubs: psycopg.Connection) -> psycopg.Connection:
    """A table of three vectors, made by the owner."""
    stubs.execute(
        "create table public.items (id int, embedding extensions.vector(3));"
        "insert into items values (1, '[1,0,0]'), (2, '[0, 1.0, 0]'), (3, null)"
    )
    return stubs


def _value(connection: psycopg.Connection, expression: str) -> Any:
    row = connection.execute(f"select {expression}").fetchone()
    assert row is not None
    return row[0]


def _is_same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-6) or (math.isnan(ours) and math.isnan(theirs))
    return bool(ours == theirs)


@pytest.mark.parametrize("expression", SAME)
def test_it_computes_what_pgvector_computes(
    stubs: psycopg.Connection, real: psycopg.Connection, expression: str
) -> None:
    """Values as printed, distances to six digits."""
    ours, theirs = _value(stubs, expression), _value(real, expression)
    assert _is_same(ours, theirs), (ours, theirs)


@pytest.mark.parametrize("expression", REFUSED)
def test_it_refuses_what_pgvector_refuses(
    stubs: psycopg.Connection, real: psycopg.Connection, expression: str
) -> None:
    """Wrong dimensions, no numbers, nothing at all."""
    with pytest.raises(psycopg.errors.DataError):
        _value(real, expression)
    with pytest.raises(psycopg.errors.DataError):
        _value(stubs, expression)


@pytest.mark.parametrize("expression", REFUSED)
def test_it_refuses_on_every_server(stubs: psycopg.Connection, expression: str) -> None:
    """The same where there is no pgvector to compare with."""
    with pytest.raises(psycopg.errors.DataError):
        _value(stubs, expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'[1,2,3]'::vector <-> '[3,2,1]'", math.sqrt(8)),
        ("'[1,2,3]'::vector <#> '[3,2,1]'", -10.0),
        ("'[1,2,3]'::vector <=> '[3,2,1]'", 1 - 10 / 14),
        ("'[1,2,3]'::vector <+> '[3,2,1]'", 4.0),
        ("'[0,0]'::vector <=> '[1,1]'", math.nan),
        ("'[1.0, 2]'::vector(2)", "[1,2]"),
        ("array[0.5,2]::vector", "[0.5,2]"),
    ],
)
def test_it_computes_on_every_server(stubs: psycopg.Connection, expression: str, expected: object) -> None:
    """By hand, where there is no pgvector to compare with."""
    assert _is_same(_value(stubs, expression), expected)


def test_a_column_says_its_dimension(items: psycopg.Connection) -> None:
    """By format_type, and by atttypmod as the real one keeps it."""
    row = items.execute(
        "select format_type(atttypid, atttypmod), atttypmod from pg_attribute"
        " where attrelid = 'items'::regclass and attname = 'embedding'"
    ).fetchone()
    assert row == ("vector(3)", 3)


def test_a_column_takes_its_dimension_only(items: psycopg.Connection) -> None:
    """An insert is checked, and writes the value as the real one prints it."""
    found = items.execute("select embedding::text from items where id = 2").fetchone()
    assert found == ("[0,1,0]",)
    with pytest.raises(psycopg.errors.DataException, match="expected 3 dimensions, not 2"):
        items.execute("insert into items values (4, '[1,2]')")


@pytest.mark.parametrize("index", INDEXES)
def test_indexes_of_migrations_are_made(items: psycopg.Connection, index: str) -> None:
    """Every operator class; rows go in before and after; a search gives the nearest."""
    items.execute(without_search_parameters(f"create index on public.items {index}"))
    items.execute("insert into items values (5, '[0.9,0.1,0]')")
    items.execute(
        "set local hnsw.ef_search = 100; set local ivfflat.probes = 10; set local enable_seqscan = off"
    )
    found = items.execute("select id from items order by embedding <-> '[1,0,0]' limit 2").fetchall()
    assert found == [(1,), (5,)]
    items.execute("update items set embedding = '[0,0,1]' where id = 1; delete from items where id = 5")


def test_an_index_keeps_vectors_of_models(items: psycopg.Connection) -> None:
    """1,536 numbers are more than a page of text holds, and are no trouble."""
    items.execute(
        "create table long (e extensions.vector(1536));"
        "create index on long using hnsw (e vector_cosine_ops);"
        "insert into long select array_agg(sin(i * row))::extensions.vector"
        " from generate_series(1, 20) as row, generate_series(1, 1536) as i group by row"
    )
    row = items.execute("select count(*), min(vector_dims(e)) from long where e <=> e < 1e-9").fetchone()
    assert row == (20, 1536)


def test_vectors_sort_group_and_are_unique(items: psycopg.Connection) -> None:
    """By value, not by spelling."""
    items.execute("create unique index on items (embedding)")
    with pytest.raises(psycopg.errors.UniqueViolation), items.transaction():
        items.execute("insert into items values (6, '[1.0,0,0]')")
    found = items.execute(
        "select embedding::text from items group by embedding order by embedding"
    ).fetchall()
    assert found == [("[0,1,0]",), ("[1,0,0]",), (None,)]


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_api_roles_search(items: psycopg.Connection, role: str) -> None:
    """As callers of a match function, whose search_path is empty, as Supabase's linter wants it."""
    items.execute(
        "create function public.match(query extensions.vector(3)) returns setof int language sql"
        " set search_path = '' as $$ select id from public.items"
        " order by embedding operator(extensions.<=>) query limit 1 $$"
    )
    items.execute("select set_config('role', %s, true)", (role,))
    assert items.execute("select public.match('[0,2,0]')").fetchone() == (2,)


def test_vectors_are_copied_as_text(items: psycopg.Connection) -> None:
    """Out and in again."""
    with items.cursor() as cursor:
        with cursor.copy("copy items to stdout") as copy:
            lines: Iterator[bytes] = (bytes(chunk) for chunk in copy)
            content = b"".join(lines)
        with cursor.copy("copy items from stdin") as copy:
            copy.write(content)
        cursor.execute("select count(*), count(distinct embedding) from items")
        assert cursor.fetchone() == (6, 2)


def test_no_function_is_ours_alone(stubs: psycopg.Connection, real: psycopg.Connection) -> None:
    """What passes here must exist there: each function's name, arguments and result are pgvector's."""
    query = (
        "select oid::regprocedure::text || ' ' || prorettype::regtype::text from pg_proc"
        " where 'vector'::regtype in (prorettype, proargtypes[0], proargtypes[1])"
        " and proname not like 'supaseed%%' and proname !~ '^vector_(in|recv)$'"
    )
    ours = {line for (line,) in stubs.execute(query)}
    theirs = {line for (line,) in real.execute(query)}
    assert {"l2_distance(vector,vector) double precision", "avg(vector) vector"} <= ours
    assert ours - theirs == {"binary_quantize(vector) bit varying"}
