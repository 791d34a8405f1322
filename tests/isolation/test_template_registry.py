"""Tests of isolation.template_registry: one table, which several versions of this package share."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from own_clusters import own_server

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.isolation.template_registry import ensure_registry, list_templates, use_template
from pytest_supaseed.isolation.templates import TemplateStore, open_store, template_name
from pytest_supaseed.server.databases import connect_registry, create_database, database_size, list_databases

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

FIRST_TABLE = """
create table if not exists public.template (
    name name primary key,
    content text not null,
    made_at timestamptz not null default now(),
    used_at timestamptz not null default now()
)
"""
"""As the first version had it."""
OLD, NEW = template_name("old"), template_name("new")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """A server that no other test uses: its registry is thrown away again and again."""
    with own_server() as found:
        yield found


@pytest.fixture
def registry(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A connection to a registry that has no table yet; the templates are gone in the end."""
    with connect_registry(endpoint) as connection:
        connection.execute("drop table if exists public.template")
        yield connection
    with open_store(endpoint, run="end") as store:
        for name in (OLD, NEW):
            store.forget(name)


def make(store: TemplateStore, name: str, **content: Any) -> bool:
    """Whether an empty template had to be made."""

    def build(working: str) -> dict[str, Any]:
        create_database(store.registry, working, owner=store.endpoint.user)
        return content

    return store.ensure(name, build, on_wait=lambda: None).built


def older_version_makes(registry: psycopg.Connection, name: str) -> None:
    """What the first version did when it had made a template."""
    create_database(registry, name, owner=registry.info.user)
    registry.execute(f'alter database "{name}" is_template true allow_connections false'.encode())
    registry.execute(
        "insert into public.template (name, content) values (%s, %s)", (name, json.dumps({"run": "x"}))
    )


def test_a_table_of_an_older_version_is_found_and_used(
    endpoint: Endpoint, registry: psycopg.Connection
) -> None:
    """Its templates stay, and ours come beside them."""
    registry.execute(FIRST_TABLE)
    older_version_makes(registry, OLD)
    with open_store(endpoint, run="newer") as store:
        assert make(store, NEW)
        assert not make(store, OLD)
        listed = list_templates(store.registry)
        found = {one.name: (one.package != "", one.is_valid) for one in listed}
        assert {one.name: one.bytes for one in listed} == {
            one.name: database_size(store.registry, one.name) for one in listed
        }
    assert found == {OLD: (False, True), NEW: (True, True)}


def test_an_older_version_goes_on_after_a_newer_one(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """What it writes into the newer table, without naming the newer columns, is accepted and found."""
    ensure_registry(registry)
    registry.execute(FIRST_TABLE)
    older_version_makes(registry, OLD)
    with open_store(endpoint, run="newer") as store:
        assert not make(store, OLD)


def test_columns_of_a_newer_version_are_left_alone(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """It may add some, with defaults; we neither read nor miss them."""
    ensure_registry(registry)
    registry.execute("alter table public.template add column owner_team text not null default 'nobody'")
    with open_store(endpoint, run="older") as store:
        assert make(store, NEW)
        assert not make(store, NEW)
        assert len(list_templates(store.registry)) == 1


def test_content_that_we_do_not_know_is_tolerated(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """A newer version may write down more."""
    ensure_registry(registry)
    with open_store(endpoint, run="newer") as store:
        make(store, NEW, run="x", from_the_future={"a": [1]}, title="of tomorrow")
        known = use_template(store.registry, NEW)
        (one,) = list_templates(store.registry)
    assert known is not None
    assert known.content["from_the_future"] == {"a": [1]}
    assert one.title == "of tomorrow"


def test_a_table_that_is_up_to_date_is_not_touched(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """Workers start while another one holds the table: none waits for it."""
    ensure_registry(registry)
    with registry.transaction():
        registry.execute("lock table public.template in access share mode")
        with connect_registry(endpoint) as other:
            other.execute("set lock_timeout = '200ms'")
            ensure_registry(other)


def test_a_name_without_a_database_is_not_listed(registry: psycopg.Connection) -> None:
    """Somebody dropped it by hand."""
    ensure_registry(registry)
    older_version_makes(registry, OLD)
    registry.execute(f'alter database "{OLD}" is_template false'.encode())
    registry.execute(f'drop database "{OLD}"'.encode())
    assert list_templates(registry) == []
    assert use_template(registry, OLD) is None
    assert list_databases(registry, OLD) == []


def test_a_second_login_on_a_server(endpoint: Endpoint) -> None:
    """What another login keeps there is its own: it is named, and so is the way to share it, which works."""
    with connect_registry(endpoint) as registry, open_store(endpoint, run="first"):
        registry.execute("create role guest login createdb password 'pw'")
        guest = replace(endpoint, kind="existing", user="guest", password="pw", owner="guest")
        with (
            pytest.raises(EndpointError, match=f"it belongs to {endpoint.user}") as raised,
            open_store(guest, run="second"),
        ):
            raise AssertionError
        assert f"grant {endpoint.user} to guest" in str(raised.value)
        registry.execute(f"grant {endpoint.user} to guest".encode())
        with open_store(guest, run="second"):
            pass
        registry.execute("alter role guest nocreatedb")
        with pytest.raises(EndpointError, match="alter role guest createdb"), open_store(guest, run="third"):
            raise AssertionError
        registry.execute("drop role guest")
