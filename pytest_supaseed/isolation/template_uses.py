"""Who uses a template: said by a lock on it, which a live run holds and nobody drops a template against.

The locks are advisory ones of the registry's database, so they hold for runs on other machines too, and are
gone with the run's connection, however the run ends. They name a template by its OID and not by its name: the
name passes to another database when a template is made anew, and the old one stays in use.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, LiteralString

from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

USES = 0x5EEF
"""The first key of these locks; the second one is the OID."""


def hold_template(registry: psycopg.Connection, oid: int) -> None:
    """Say that this connection's run uses a template; wait where it is just being dropped."""
    registry.execute("select pg_advisory_lock_shared(%s, %s)", (USES, _signed(oid)))


def let_go_of_template(registry: psycopg.Connection, oid: int) -> None:
    """Take back what `hold_template` said."""
    registry.execute("select pg_advisory_unlock_shared(%s, %s)", (USES, _signed(oid)))


@contextmanager
def unused_template(registry: psycopg.Connection, oid: int) -> Iterator[bool]:
    """Keep others from using a template meanwhile; False where somebody uses it."""
    free = _is_true(registry, "select pg_try_advisory_lock(%s, %s)", oid)
    try:
        yield free
    finally:
        if free and not registry.closed:
            registry.execute("select pg_advisory_unlock(%s, %s)", (USES, _signed(oid)))


def _is_true(registry: psycopg.Connection, query: LiteralString, oid: int) -> bool:
    with registry.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(query, (USES, _signed(oid))).fetchone() == (True,)


def _signed(oid: int) -> int:
    """The same 32 bits as a signed number, which the functions take."""
    return oid - (1 << 32) if oid >= 1 << 31 else oid
