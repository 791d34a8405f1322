"""Tests of isolation.template_pruning: what goes first, and that nothing goes that a live run uses."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from own_clusters import own_server
from psycopg import sql

from pytest_supaseed.isolation.template_pruning import (
    PruneRules,
    drop_template,
    next_superfluous,
    prune_templates,
)
from pytest_supaseed.isolation.template_registry import ListedTemplate, list_templates
from pytest_supaseed.isolation.templates import Template, TemplateStore, open_store, template_name
from pytest_supaseed.server.databases import connect_registry, create_database, list_databases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.server.endpoint import Endpoint

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def listed(name: str, *, days: int, **facts: Any) -> ListedTemplate:
    """A template of 10 bytes, last used so many days ago."""
    moment = NOW - timedelta(days=days)
    plain = ListedTemplate(
        name=name,
        oid=sum(map(ord, name)),
        kind="",
        title="",
        package="",
        made_at=moment,
        used_at=moment,
        made_from=None,
        in_use=False,
        is_valid=True,
        bytes=10,
    )
    return replace(plain, **facts)


def order(templates: Sequence[ListedTemplate], rules: PruneRules, *spared: str) -> list[str]:
    """The names of what goes, in order, where everything but the spared can be dropped."""
    left, gone = list(templates), []
    oids = {one.oid for one in templates if one.name in spared}
    while (one := next_superfluous(left, rules, oids)) is not None:
        left.remove(one)
        gone.append(one.name)
    return gone


SCHEMA = listed("schema", days=9)
OLD = listed("old", days=5, made_from="schema")
NEW = listed("new", days=1, made_from="schema")


@pytest.mark.parametrize(
    ("limit", "gone"),
    [
        (None, []),
        (30, []),
        (29, ["old"]),
        (20, ["old"]),
        (19, ["old", "new"]),
        (9, ["old", "new", "schema"]),
    ],
)
def test_the_least_recently_used_goes_first(limit: int | None, gone: list[str]) -> None:
    """Until the rest is within the limit; a schema after the last dataset that needs it."""
    assert order([SCHEMA, OLD, NEW], PruneRules(limit=limit)) == gone


def test_what_is_in_use_stays() -> None:
    """And so does its schema; the rest goes, even if that does not reach the limit."""
    used = replace(OLD, in_use=True)
    assert order([SCHEMA, used, NEW], PruneRules(limit=1)) == ["new"]


def test_what_could_not_be_dropped_is_not_tried_again() -> None:
    """A run may begin to use it between the list and the drop."""
    assert order([SCHEMA, OLD, NEW], PruneRules(limit=1), "old") == ["new"]


def test_what_no_run_can_use_goes_within_the_limit_too() -> None:
    """A dataset whose schema was made anew has other OIDs than the schema's catalog."""
    useless = replace(NEW, is_valid=False)
    assert order([SCHEMA, OLD, useless], PruneRules(limit=None)) == ["new"]
    assert order([SCHEMA, useless], PruneRules(limit=10)) == ["new"]


def test_what_nobody_asked_for_goes_within_the_limit_too() -> None:
    """By days; what was used since stays, and its schema with it."""
    assert order([SCHEMA, OLD, NEW], PruneRules(used_since=NOW - timedelta(days=3))) == ["old"]
    assert order([SCHEMA, OLD], PruneRules(used_since=NOW - timedelta(days=3))) == ["old", "schema"]
    assert order([SCHEMA, OLD, NEW], PruneRules(used_since=NOW - timedelta(days=10))) == []


NAMES = [template_name("tests of template_pruning", str(number)) for number in range(3)]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """A server that no other test uses: templates of others would be pruned too."""
    with own_server() as found:
        yield found


@pytest.fixture
def store(endpoint: Endpoint) -> Iterator[TemplateStore]:
    """The store of one run; the templates of these tests are gone before and after."""
    with open_store(endpoint, run="one", cache_limit=None) as opened:
        for name in NAMES:
            opened.forget(name)
        yield opened
        for name in NAMES:
            opened.forget(name)


def make(store: TemplateStore, name: str, source: Template | None = None) -> Template:
    """A template, empty or a copy of another."""

    def build(working: str) -> dict[str, Any]:
        if source is None:
            create_database(store.registry, working, owner=store.endpoint.user)
        else:
            store.clone(source, working, lasting=True)
        return {"owner": store.endpoint.user}

    return store.ensure(name, build, on_wait=lambda: None)


def names_left(store: TemplateStore) -> list[str]:
    """Which of the databases are there."""
    return [name for name in NAMES if name in list_databases(store.registry, name)]


def drop_all(registry: psycopg.Connection) -> list[bool]:
    """Try to drop each of them, the least recently used first."""
    return [drop_template(registry, one.name, one.oid) for one in list_templates(registry)]


def test_a_list_says_what_each_is(store: TemplateStore) -> None:
    """Schema and dataset, their sizes, who made them, and that a run uses them."""
    schema = make(store, NAMES[0])
    make(store, NAMES[1], schema)
    found = {one.name: one for one in list_templates(store.registry)}
    assert {one.kind for one in found.values()} == {"schema", "dataset"}
    assert found[NAMES[1]].made_from == NAMES[0]
    assert all(one.in_use and one.is_valid and one.bytes > 1 << 20 for one in found.values())
    assert all(one.made_at and one.used_at and one.package for one in found.values())


def test_no_pruner_drops_what_a_live_run_uses(endpoint: Endpoint, store: TemplateStore) -> None:
    """It may still be cloned; when the run has ended, by whatever death, it may go."""
    with open_store(endpoint, run="live") as live:
        template = make(live, NAMES[0])
        assert drop_all(store.registry) == [False]
        live.clone(template, name := live.new_name())
        live.drop(name)
    (one,) = list_templates(store.registry)
    assert not one.in_use
    assert drop_all(store.registry) == [True]
    assert names_left(store) == []


def test_a_run_that_has_to_connect_anew_holds_what_it_uses(endpoint: Endpoint, store: TemplateStore) -> None:
    """A restart of the server ends a connection and its locks, and the run goes on."""
    with open_store(endpoint, run="live") as live, connect_registry(endpoint) as renewed:
        make(live, NAMES[0])
        live.hold_again(renewed)
        live.registry.close()
        assert drop_all(store.registry) == [False]
    assert names_left(store) == [NAMES[0]]


def test_a_template_that_is_being_made_anew_stays(endpoint: Endpoint, store: TemplateStore) -> None:
    """Whoever makes it holds the lock of its name, and puts another database in its place."""
    with open_store(endpoint, run="made before") as before:
        make(before, NAMES[0])
    (one,) = list_templates(store.registry)
    with store.registry.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(24301, hashtext(%s))", (one.name,))
        with open_store(endpoint, run="pruner") as pruner:
            assert drop_template(pruner.registry, one.name, one.oid) is False
        cursor.execute("select pg_advisory_unlock(24301, hashtext(%s))", (one.name,))
    assert names_left(store) == [NAMES[0]]


def test_a_name_that_has_passed_on_is_not_dropped(endpoint: Endpoint, store: TemplateStore) -> None:
    """The database behind a name may have changed since the list was read."""
    with open_store(endpoint, run="made before") as before:
        template = make(before, NAMES[0])
    assert drop_template(store.registry, NAMES[0], template.oid + 1) is False
    assert names_left(store) == [NAMES[0]]


def test_many_pruners_at_once(endpoint: Endpoint, store: TemplateStore) -> None:
    """Each template is dropped once, and nobody fails."""
    with open_store(endpoint, run="made before", cache_limit=None) as before:
        schema = make(before, NAMES[0])
        make(before, NAMES[1], schema)
        make(before, NAMES[2], schema)
    oids = [one.oid for one in list_templates(store.registry)]
    gone: list[int] = []
    failed: list[Exception] = []

    def prune() -> None:
        try:
            with open_store(endpoint, run="pruner", cache_limit=None) as pruner:
                rules = PruneRules(used_since=datetime.now(UTC) + timedelta(days=1))
                gone.extend(one.oid for one in prune_templates(pruner.registry, rules))
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            failed.append(error)

    pruners = [threading.Thread(target=prune) for _ in range(3)]
    for thread in pruners:
        thread.start()
    for thread in pruners:
        thread.join()
    assert failed == []
    assert sorted(gone) == sorted(oids)
    assert names_left(store) == []


def test_a_new_template_pushes_out_the_oldest(endpoint: Endpoint, store: TemplateStore) -> None:
    """Beyond the limit, and never the one that was just made, be it larger than the limit itself."""
    with open_store(endpoint, run="made before", cache_limit=None) as before:
        make(before, NAMES[0])
        make(before, NAMES[1])
    with open_store(endpoint, run="small", cache_limit=1) as small:
        make(small, NAMES[2])
        assert names_left(store) == [NAMES[2]]


def test_a_database_of_which_nothing_is_known_goes(endpoint: Endpoint, store: TemplateStore) -> None:
    """Whoever dropped its entry was killed before the database was dropped."""
    with open_store(endpoint, run="made before", cache_limit=None) as before:
        make(before, NAMES[0])
    store.registry.execute("delete from public.template where name = %s", (NAMES[0],))
    assert [one.name for one in prune_templates(store.registry, PruneRules())] == [NAMES[0]]


def test_a_template_that_is_half_dropped_goes_too(endpoint: Endpoint, store: TemplateStore) -> None:
    """A pruner was killed in the middle of `drop database`, or is at it: nobody may alter it."""
    with open_store(endpoint, run="made before", cache_limit=None) as before:
        make(before, NAMES[0])
    store.registry.execute(
        "update pg_database set datistemplate = false, datconnlimit = -2 where datname = %s", (NAMES[0],)
    )
    assert drop_all(store.registry) == [True]
    assert names_left(store) == []


def test_a_template_that_somebody_unmarked_goes_too(endpoint: Endpoint, store: TemplateStore) -> None:
    """A pruner was killed half way."""
    with open_store(endpoint, run="made before", cache_limit=None) as before:
        make(before, NAMES[0])
    store.registry.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(NAMES[0])))
    (one,) = list_templates(store.registry)
    assert not one.is_valid
    assert drop_all(store.registry) == [True]
