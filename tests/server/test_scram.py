"""SCRAM verifiers: against Postgres's own, and against broken ones."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.server.scram import make_verifier, verifier_matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

PUBLISHED = (
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
    "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
)
"""Salt, iterations and server signature are those of RFC 7677, 3; the password there is `pencil`."""


@pytest.fixture
def role(empty_database: psycopg.Connection) -> Iterator[str]:
    """A role of the test's own that may log in."""
    name = f"supaseed_scratch_{secrets.token_hex(4)}"
    empty_database.execute(sql.SQL("create role {} login").format(sql.Identifier(name)))
    yield name
    empty_database.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    connection.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password))
    )


def test_the_published_example_matches_its_password_only() -> None:
    """The example of RFC 7677 is recognised, and no neighbour of it."""
    assert verifier_matches(PUBLISHED, "pencil")
    assert not verifier_matches(PUBLISHED, "pencils")


def test_what_postgres_stored_matches(empty_database: psycopg.Connection, role: str) -> None:
    """A password that Postgres hashed itself is recognised."""
    empty_database.execute("set password_encryption = 'scram-sha-256'")
    _set_password(empty_database, role, "swordfish")
    row = empty_database.execute("select rolpassword from pg_authid where rolname = %s", (role,)).fetchone()
    assert row is not None
    assert verifier_matches(row[0], "swordfish")
    assert not verifier_matches(row[0], "sword")


@pytest.mark.parametrize("iterations", [1, 4096])
def test_a_verifier_of_ours_logs_in(
    empty_database: psycopg.Connection, endpoint: Endpoint, role: str, iterations: int
) -> None:
    """What we hand Postgres in place of a password lets that password in, and no other."""
    _set_password(empty_database, role, make_verifier("swordfish", iterations=iterations))
    place = f"user={role} host={endpoint.host} port={endpoint.port} dbname={empty_database.info.dbname}"
    with psycopg.connect(place, password="swordfish") as connection:
        assert connection.info.user == role
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(place, password="sword")


def test_two_verifiers_of_one_password_differ() -> None:
    """Each has a salt of its own, and both match."""
    first, second = make_verifier("swordfish"), make_verifier("swordfish")
    assert first != second
    assert verifier_matches(first, "swordfish")
    assert verifier_matches(second, "swordfish")


@pytest.mark.parametrize("stored", [None, "", "md5d41d8cd98f00b204e9800998ecf8427e", "pencil"])
def test_what_is_no_scram_verifier_never_matches(stored: str | None) -> None:
    """No password, an MD5 hash, or plain text."""
    assert not verifier_matches(stored, "pencil")
