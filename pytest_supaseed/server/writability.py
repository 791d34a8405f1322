"""Whether a server takes writes: a standby and a session that is read-only by a setting do not."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from psycopg.rows import tuple_row

from pytest_supaseed.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_SETTING = "default_transaction_read_only"
_UNDO: Mapping[str, str] = MappingProxyType(
    {
        "database": f"alter database ... reset {_SETTING}",
        "user": f"alter role ... reset {_SETTING}",
        "database user": f"alter role ... in database ... reset {_SETTING}",
        "client": "leave it out of the URL's options, or of PGOPTIONS",
    }
)
"""By what `pg_settings.source` says: how the setting is taken back."""


def refuse_unwritable(connection: psycopg.Connection, source: str) -> None:
    """See that a connection may write.

    Args:
        connection: in autocommit mode.
        source: who named the server, for messages.

    Raises:
        EndpointError: it may not; what says so is named, and how it is undone.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select pg_catalog.pg_is_in_recovery(), current_setting('transaction_read_only'), s.source"
            " from pg_catalog.pg_settings as s where s.name = %s",
            (_SETTING,),
        ).fetchone()
    is_standby, read_only, giver = row or (False, "off", "default")
    place = f"{connection.info.host}:{connection.info.port}"
    if is_standby:
        raise EndpointError(
            f"The server of {source} takes no writes: it is a standby, a replica of another one.",
            looked_at=[f"pg_is_in_recovery() at {place}: true"],
            remedies=["name the primary server", "supaseed detect and supaseed plan only read: they serve"],
        )
    if read_only == "on":
        raise EndpointError(
            f"The database of {source} takes no writes: {_SETTING} is on.",
            looked_at=[f"transaction_read_only at {place}: on, by a setting of {giver}"],
            remedies=[
                "name another login or database, if this one is read-only on purpose",
                f"else take it back: {_UNDO.get(giver, f'{_SETTING} = off, in postgresql.conf')}",
            ],
        )
