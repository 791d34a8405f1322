"""What is done on a server of ours right after its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.server.databases import begin_run, connect_registry, drop_leftovers
from pytest_supaseed.server.scram import make_verifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_supaseed.server.endpoint import Endpoint

    Cluster = Callable[..., AbstractContextManager[Any]]

QUICK = "SCRAM-SHA-256$1:"
SLOW = "SCRAM-SHA-256$4096:"


def _add_login(endpoint: Endpoint, role: str, verifier: str, kind: str = "") -> None:
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create role {} {} login password {}").format(
                sql.Identifier(role), sql.SQL(kind), sql.Literal(verifier)
            )
        )


def _costs(endpoint: Endpoint) -> dict[str, str]:
    """What is said of each role's password before its salt."""
    with psycopg.connect(endpoint.conninfo()) as connection:
        found = connection.execute("select rolname, rolpassword from pg_authid where rolpassword is not null")
        return {name: verifier.partition(":")[0] + ":" for name, verifier in found.fetchall()}


def test_our_superuser_costs_one_round_of_hashing(cluster: Cluster) -> None:
    """From the first start on: its password is random, and nobody guesses it."""
    with cluster() as endpoint:
        assert _costs(endpoint) == {endpoint.user: QUICK}


def test_a_half_dropped_database_is_no_hindrance(cluster: Cluster) -> None:
    """A server that was killed in the middle of `drop database` starts again, and is rid of it."""
    with cluster() as endpoint, psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        connection.execute("create database supaseed_run_0000000a_1")
        connection.execute(
            "update pg_database set datconnlimit = -2 where datname = 'supaseed_run_0000000a_1'"
        )
        name = sql.Identifier("left_by_somebody")
        connection.execute(sql.SQL("create database {}").format(name))
        connection.execute("update pg_database set datconnlimit = -2 where datname = 'left_by_somebody'")

    with cluster() as endpoint, connect_registry(endpoint) as registry:
        drop_leftovers(registry, own=begin_run(registry))
        found = registry.execute("select datname from pg_database where datconnlimit = -2").fetchall()
        assert found == []


def test_superusers_of_older_releases_are_made_quick(cluster: Cluster) -> None:
    """At the next start, with the same passwords. The owner stays: pg8000 asks for 4,096 rounds."""
    with cluster() as endpoint:
        _add_login(endpoint, endpoint.owner, make_verifier(endpoint.owner_password))
        _add_login(endpoint, "migrator", make_verifier(endpoint.owner_password), "superuser")
        _add_login(endpoint, "somebody", make_verifier("swordfish"), "superuser")

    with cluster() as endpoint:
        assert _costs(endpoint) == {
            endpoint.user: QUICK,
            endpoint.owner: SLOW,
            "migrator": QUICK,
            "somebody": SLOW,
        }
        login = psycopg.conninfo.make_conninfo(endpoint.conninfo(), user="migrator")
        with psycopg.connect(login, password=endpoint.owner_password) as connection:
            assert connection.info.user == "migrator"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(login, password="wrong")
