"""Torture of isolation.clones: whatever SQL a test runs, the next test finds the database as it was made.

Sequences of statements are drawn, on several connections that are left in any state; then the clone is lent
again, and a dump of all that it holds is compared with one of a fresh clone. The same clone is used again and
again, so that what each restoration leaves adds up. Some sequences are run with the other tests; 10,000 by

    pytest -m torture -rP tests/isolation/test_torture.py

which prints what became of them.
"""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING, LiteralString

import hypothesis
import pytest
import torture_statements as statements
from database_dump import dumping
from factory_databases import session
from hypothesis import strategies as st
from tortured_clones import (
    CLOSE,
    COPY,
    FOREIGN,
    HALF_A_COPY,
    LEFT_RUNNING,
    OWN,
    SECOND,
    SUPERUSER,
    UNLOGGED,
    Step,
    TorturedClones,
    installed_server,
    rows_after,
    tortured_clones,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

LONG_PARTS = 10
LONG_PART = 500
"""Sequences in a part of the long run; ten parts, for two datasets, make 10,000."""
LOCK_TIMEOUT = "10ms"
"""Connections that wait for each other are served by one thread here: they would wait for ever."""

NOT_SQL: tuple[LiteralString, ...] = (COPY, COPY, HALF_A_COPY, LEFT_RUNNING, CLOSE)
ORDINARY = (
    *statements.ROWS * 2,
    *statements.TRANSACTIONS * 12,
    *statements.SESSIONS * 2,
    *statements.ALONE,
    *NOT_SQL * 3,
)
"""What most tests do, as often as it is drawn: the clone is put back in place."""
ANYTHING = (
    *ORDINARY,
    *statements.BIG,
    *statements.SCHEMA,
    *statements.SCHEMA_ALONE,
    *statements.SUPERUSER,
)
ALONE = frozenset({*statements.ALONE, *statements.SCHEMA_ALONE})
POLITE = (Step(FOREIGN, CLOSE, 0), Step(SUPERUSER, CLOSE, 0))


def step(connection: int, what: LiteralString, n: int) -> Step:
    """A step, on a connection that may take it."""
    chosen = SUPERUSER if what in statements.SUPERUSER else connection
    return Step(chosen, what, n, alone=what in ALONE)


def sequences_of(drawn: tuple[LiteralString, ...]) -> st.SearchStrategy[list[Step]]:
    """Sequences of up to 14 steps."""
    connections = st.sampled_from((OWN, OWN, OWN, SECOND, SECOND, FOREIGN, FOREIGN, SUPERUSER))
    steps = st.builds(step, connections, st.sampled_from(drawn), st.integers(0, 9))
    return st.lists(steps, max_size=14)


SEQUENCES = st.tuples(
    st.one_of(sequences_of(ORDINARY), sequences_of(ORDINARY), sequences_of(ANYTHING)),
    st.sampled_from(((), POLITE)),
)
"""Sequences of steps, two of three without changes of the schema; some close what they opened themselves."""


def torture(clones: TorturedClones, sequences: int, *, seed: int) -> str:
    """Run sequences, each on what the last one left; return what became of them, in words."""

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=sequences,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(SEQUENCES)
    def run(sequence: tuple[list[Step], tuple[Step, ...]]) -> None:
        clones.run((*sequence[0], *sequence[1]))
        assert clones.differences() == []

    runs, replaced, began = clones.runs, clones.replaced, time.monotonic()
    run()
    runs, replaced = clones.runs - runs, clones.replaced - replaced
    in_place, seconds = runs - replaced.total(), time.monotonic() - began
    said = f"{runs} sequences in {seconds:.0f} s: {in_place} put back in place, {replaced.total()} replaced:"
    return "\n".join([said, *(f"    {number:5} {reason}" for reason, number in replaced.most_common())])


@pytest.fixture(scope="module", params=[(), (UNLOGGED,)], ids=["logged", "unlogged"])
def clones(
    endpoint: Endpoint, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TorturedClones]:
    """Clones on this run's server; where a sequence is unlogged, every test has to be looked at."""
    folder = tmp_path_factory.mktemp("project")
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        tortured_clones(endpoint, folder, monkeypatch, *request.param, lock_timeout=LOCK_TIMEOUT) as made,
    ):
        yield made


def test_nothing_is_left_of_any_sequence(clones: TorturedClones) -> None:
    """Whatever a test did, the next one finds every row, sequence, object and setting of a fresh clone."""
    assert "60 sequences" in torture(clones, 60, seed=7)


@pytest.mark.torture
@pytest.mark.parametrize("part", range(LONG_PARTS))
def test_nothing_is_left_of_thousands(
    clones: TorturedClones, part: int, request: pytest.FixtureRequest
) -> None:
    """The same, 10,000 times: 500 other sequences in each of ten parts, for both datasets."""
    seed = zlib.crc32(request.node.name.encode())
    print(f"seed {seed}:", torture(clones, LONG_PART, seed=seed))  # noqa: T201


def test_nothing_is_left_on_another_version(
    endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same on an installed Postgres, which before 18 is asked for each sequence by its name.

    There may be no sequence to ask for, too, or one that a test dropped.
    """
    folder = tmp_path_factory.mktemp("installed")
    with installed_server(endpoint, folder) as server:
        for schema, statement in (("i integer", "insert into a values (1)"), ("i serial", "drop table a")):
            with session(server, folder, schema=f"create table a ({schema});", users="0") as opened:
                assert rows_after(opened, statement, "select count(*) from a") == (0,)
        with (
            pytest.MonkeyPatch.context() as monkeypatch,
            tortured_clones(server, folder, monkeypatch, UNLOGGED, lock_timeout=LOCK_TIMEOUT) as made,
        ):
            assert "40 sequences" in torture(made, 40, seed=8)


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("update serials set v = v || '' where id = 1", None),
        ("update serials set v = 'x' where id = 1", "public.serials"),
        ("insert into keyless values (0, 'same')", "public.keyless"),
        ("select nextval('loose')", "public.loose"),
        ("comment on column serials.v is 'x'", "pg_catalog.pg_description"),
        ("select lo_put(424242, 0, 'L')", "pg_catalog.pg_largeobject"),
        ("create table made ()", "pg_catalog.pg_class"),
        ("select pg_advisory_lock(1)", "pg_locks"),
        ("alter default privileges grant all on tables to public", "pg_catalog.pg_default_acl"),
    ],
)
def test_the_dump_tells(clones: TorturedClones, statement: LiteralString, part: str | None) -> None:
    """What these tests compare by shows each kind of change, and no move of a row within its table."""
    with clones.lend() as database, dumping(database.admin_conninfo) as connection:
        assert clones.compared(connection) == []
        database.connect(autocommit=True).execute(statement)
        changed = {line.partition(":")[0] for line in clones.compared(connection)}
    assert changed == set() if part is None else part in changed
