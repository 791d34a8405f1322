"""Tests of isolation.templates: made once, whole or not at all."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.isolation.database_settings import database_settings
from pytest_supaseed.isolation.template_pruning import drop_template
from pytest_supaseed.isolation.template_registry import list_templates
from pytest_supaseed.isolation.templates import (
    Template,
    TemplateStore,
    open_store,
    package_digest,
    template_name,
)
from pytest_supaseed.server.databases import (
    RUN_PREFIX,
    connect_registry,
    create_database,
    list_databases,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.endpoint import Endpoint

NAME = template_name("tests of isolation.templates", str(os.getpid()))
"""Each process of a run has its own: they share one server."""


@pytest.fixture
def store(endpoint: Endpoint) -> Iterator[TemplateStore]:
    """The store of one run; the template of these tests is gone before and after."""
    with open_store(endpoint, run="one") as opened:
        opened.forget(NAME)
        yield opened
        opened.forget(NAME)


def builder(store: TemplateStore, *statements: str) -> Callable[[str], dict[str, Any]]:
    """What makes a database by these statements, and counts how often it did."""

    def build(name: str) -> dict[str, Any]:
        builder_calls.append(name)
        create_database(store.registry, name, owner=store.endpoint.user)
        with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
            return {
                "made": len(statements),
                "settings": database_settings(connection),
                "owner": store.endpoint.user,
            }

    return build


builder_calls: list[str] = []


def silent() -> None:
    """Nobody is told that there is something to wait for."""


def ensure(store: TemplateStore, *statements: str, rebuild: bool = False) -> Any:
    """The template of these tests, and how often it was made."""
    builder_calls.clear()
    found = store.ensure(NAME, builder(store, *statements), rebuild=rebuild, on_wait=silent)
    return found, len(builder_calls)


def test_it_is_made_once(store: TemplateStore) -> None:
    """The second one to ask finds it, with what was written down."""
    first, made = ensure(store, "create table t ()")
    second, made_again = ensure(store)
    assert (made, first.built, made_again, second.built) == (1, True, 0, False)
    assert second.content["made"] == 1
    assert NAME in list_databases(store.registry)


def test_another_process_finds_it(store: TemplateStore, endpoint: Endpoint) -> None:
    """It outlives the run that made it."""
    ensure(store, "create table t ()")
    with open_store(endpoint, run="two") as other:
        found, made = ensure(other)
    assert (found.built, made) == (False, 0)


def test_only_one_of_many_makes_it(store: TemplateStore, endpoint: Endpoint) -> None:
    """Workers that start at once wait for the first one, and are told so."""
    builder_calls.clear()
    waiting = threading.Event()
    found: list[bool] = []

    def worker() -> None:
        with open_store(endpoint, run="one") as own:
            build = builder(own, "create table t ()", "select pg_sleep(0.3)")
            found.append(own.ensure(NAME, build, on_wait=waiting.set).built)

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert sorted(found) == [False, False, True]
    assert waiting.is_set()
    assert len(builder_calls) == 1


@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_what_fails_half_way_leaves_nothing(store: TemplateStore, error: BaseException) -> None:
    """No database and no entry that a later run would trust; the next try begins anew."""

    def failing(name: str) -> dict[str, Any]:
        builder(store, "create table half ()")(name)
        raise error

    with pytest.raises(type(error)):
        store.ensure(NAME, failing, on_wait=silent)
    assert builder_calls[-1] not in list_databases(store.registry)
    assert NAME not in list_databases(store.registry)
    found, made = ensure(store, "create table whole ()")
    assert (found.built, made) == (True, 1)


def test_an_entry_without_its_database_is_not_trusted(store: TemplateStore) -> None:
    """Somebody dropped the database by hand: it is made anew."""
    ensure(store, "create table t ()")
    store.registry.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(NAME)))
    store.registry.execute(sql.SQL("drop database {}").format(sql.Identifier(NAME)))
    assert ensure(store, "create table t ()")[1] == 1


def test_a_database_without_its_entry_is_not_trusted(store: TemplateStore) -> None:
    """Whoever made it, nobody wrote down that it is whole."""
    ensure(store, "create table t ()")
    store.registry.execute("delete from public.template where name = %s", (NAME,))
    assert ensure(store, "create table t ()")[1] == 1


def test_a_rebuild_happens_once_per_run(store: TemplateStore, endpoint: Endpoint) -> None:
    """All workers of a run ask for it, and the first one does it; the next run does it again."""
    assert ensure(store, "create table t ()", rebuild=True)[1] == 1
    with open_store(endpoint, run="one") as worker:
        assert ensure(worker, rebuild=True)[1] == 0
    with open_store(endpoint, run="two") as later:
        assert ensure(later, "create table t ()", rebuild=True)[1] == 1


def rows_of(store: TemplateStore, template: Template) -> list[Any]:
    """What a clone of a template of these tests holds."""
    store.clone(template, name := store.new_name())
    try:
        with psycopg.connect(store.endpoint.conninfo(name)) as connection:
            return connection.execute("select x, 't'::regclass::oid from t").fetchall()
    finally:
        store.drop(name)


def test_a_run_goes_on_with_what_another_run_made_anew(store: TemplateStore, endpoint: Endpoint) -> None:
    """Its clones are of the template that it found, OIDs included; that one goes when no run uses it."""
    table = "create table t as select {} as x"
    with open_store(endpoint, run="two") as running:
        old, _ = ensure(running, table.format(1))
        before = rows_of(running, old)
        new, made = ensure(store, table.format(2), rebuild=True)
        assert made == 1
        assert rows_of(running, old) == before
        assert [x for x, _ in rows_of(store, new)] == [2]
        assert [x for x, _ in rows_of(running, old)] == [1]
        left = [one for one in list_templates(store.registry) if one.oid == old.oid]
        assert [(one.in_use, one.is_valid) for one in left] == [(True, False)]
    assert drop_template(store.registry, left[0].name, old.oid)


def test_what_nobody_uses_goes_when_it_is_made_anew(store: TemplateStore, endpoint: Endpoint) -> None:
    """Nothing is left of it."""
    with open_store(endpoint, run="two") as earlier:
        old, _ = ensure(earlier, "create table t ()")
    ensure(store, "create table t ()", rebuild=True)
    assert old.oid not in {one.oid for one in list_templates(store.registry)}


def test_a_copy_of_a_template_that_was_made_anew_is_not_trusted(
    store: TemplateStore, endpoint: Endpoint
) -> None:
    """The dataset's tables have the OIDs of the old schema, and the new schema's catalog speaks of others."""
    copy = template_name("a copy for tests of isolation.templates", str(os.getpid()))

    def copied(run: TemplateStore, source: Template) -> bool:
        def build(working: str) -> dict[str, Any]:
            run.clone(source, working, lasting=True)
            return {}

        return run.ensure(copy, build, on_wait=silent).built

    try:
        first, _ = ensure(store, "create table t ()")
        assert [copied(store, first), copied(store, first)] == [True, False]
        with open_store(endpoint, run="two") as second:
            assert not copied(second, ensure(second)[0])
        with open_store(endpoint, run="three") as third:
            anew, _ = ensure(third, "create table t ()", rebuild=True)
            assert [copied(third, anew), copied(third, anew)] == [True, False]
            assert copied(store, first), "the first run goes on with the schema that it found"
        with open_store(endpoint, run="four") as fourth:
            assert [copied(fourth, ensure(fourth)[0]), copied(fourth, anew)] == [True, False]
    finally:
        store.forget(copy)


def test_a_clone_may_be_made_and_dropped_on_another_connection(
    store: TemplateStore, endpoint: Endpoint
) -> None:
    """So that another thread can make spare ones, while the run's own connection is at work."""
    found, _ = ensure(store, "create table t ()")
    with connect_registry(endpoint) as connection, store.registry.transaction():
        store.clone(found, name := store.new_name(), connection=connection)
        assert name in list_databases(connection)
        store.drop(name, connection=connection)
        assert name not in list_databases(connection)


def test_a_clone_has_the_settings_of_its_template(store: TemplateStore) -> None:
    """`create database ... template` leaves them out; migrations and search paths count on them."""
    unique = sql.SQL("alter database {} set {} = {}")

    def build(name: str) -> dict[str, Any]:
        create_database(store.registry, name, owner=store.endpoint.user)
        with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
            for key, value in (("search_path", '"a b", public'), ("app.motto", "it's = fine")):
                connection.execute(
                    unique.format(
                        sql.Identifier(name),
                        sql.SQL(key),
                        sql.SQL(value) if key == "search_path" else sql.Literal(value),
                    )
                )
            return {"settings": database_settings(connection), "owner": store.endpoint.user}

    template = store.ensure(NAME, build, on_wait=silent)
    clone = store.new_name()
    store.clone(template, clone)
    with psycopg.connect(store.endpoint.conninfo(clone)) as connection:
        found = connection.execute(
            "select current_setting('search_path'), current_setting('app.motto')"
        ).fetchone()
    store.drop(clone)
    assert found == ('"a b", public', "it's = fine")


def test_a_template_that_is_gone_is_said(store: TemplateStore) -> None:
    """Somebody dropped it while the run went on: what Postgres said, and how to make it anew."""
    found, _ = ensure(store, "create table t ()")
    store.forget(NAME)
    with pytest.raises(DatasetError, match="does not exist") as raised:
        store.clone(found, store.new_name())
    assert "--supaseed-rebuild" in str(raised.value)


def test_nobody_connects_to_a_template(store: TemplateStore, endpoint: Endpoint) -> None:
    """A connection there, of a monitor or a curious person, would keep it from being copied."""
    ensure(store, "create table t ()")
    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(endpoint.conninfo(NAME))


def test_a_store_leaves_no_database_of_its_own(endpoint: Endpoint) -> None:
    """What a run made for itself is gone when the run ends, also where a test forgot it."""
    with open_store(endpoint, run="one") as store:
        name = store.new_name()
        create_database(store.registry, name, owner=endpoint.user)
        assert name.startswith(RUN_PREFIX)
    with open_store(endpoint, run="two") as later:
        assert name not in list_databases(later.registry)


def test_names_follow_from_all_parts() -> None:
    """Another part, or the same text cut elsewhere, is another template."""
    names = {template_name(*parts) for parts in (("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"))}
    assert len(names) == 4
    assert all(len(name) < 63 for name in names)


def test_the_package_s_own_code_counts() -> None:
    """The digest is of this checkout and stays the same within a process."""
    assert package_digest() == package_digest() != ""
