"""`isolation = "rollback"`: one connection, in one transaction that is never committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

import psycopg
from psycopg.pq import TransactionStatus

from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.seeded_database import SeededDatabase
from pytest_supaseed.server.login_keys import with_keys

if TYPE_CHECKING:
    from pytest_supaseed.isolation.acting import Acting
    from pytest_supaseed.isolation.claims import Persona

_BEGIN = "savepoint supaseed_test"
_COMMIT = "release savepoint supaseed_test; savepoint supaseed_test"
_ROLLBACK = "rollback to savepoint supaseed_test"


class RolledBackConnection(psycopg.Connection[Any]):
    """A connection whose transactions are savepoints of an outer one, which ends with the test.

    `commit` and `rollback` do what they say to everything since the last one, `close` rolls back and leaves
    the connection open. SQL that says `commit` itself ends the outer transaction: that is not kept from it.
    """

    @classmethod
    def begun(cls, conninfo: str) -> Self:
        """Connect and begin the outer transaction."""
        connection = cls.connect(conninfo)
        connection.execute(_BEGIN)
        return connection

    def commit(self) -> None:
        """Keep what was done since the last commit or rollback, until the test ends."""
        failed = self.info.transaction_status is TransactionStatus.INERROR
        self._in_place(_ROLLBACK if failed else _COMMIT)

    def rollback(self) -> None:
        """Undo what was done since the last commit or rollback."""
        self._in_place(_ROLLBACK)

    def close(self) -> None:
        """Undo what was not committed; the connection stays open, for whoever asks for it next."""
        if not self.closed:
            self.rollback()

    def _in_place(self, statement: str) -> None:
        if self.info.transaction_status is TransactionStatus.IDLE:
            statement = _BEGIN  # SQL has ended the outer transaction
        self.execute(statement, prepare=False)


class RolledBackDatabase(SeededDatabase):
    """A test's database in which nothing is ever committed; see `SeededDatabase`."""

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The test's only connection, in a transaction that is rolled back when the test ends."""
        if self._connection is None or self._connection.closed:
            self._connection = RolledBackConnection.begun(with_keys(self.conninfo, self._keys, {}))
            self._opened.append(self._connection)
        return self._connection

    def connect(self, **_parameters: Any) -> NoReturn:
        """Refuse.

        Raises:
            UsageError: always: another connection would not see what the test has written.
        """
        raise _only_one("connect()")

    async def aconnect(self, **_parameters: Any) -> NoReturn:
        """Refuse; see `connect`."""
        raise _only_one("aconnect()")

    def _acting(self, persona: Persona) -> Acting:
        raise _only_one(f"acting as {persona.name}")


def _only_one(what: str) -> UsageError:
    return UsageError(
        f"{what} needs a second connection, which would see nothing of a transaction that is rolled back.",
        looked_at=["the test's isolation: rollback"],
        remedies=[
            "use supaseed_db.connection",
            'take isolation that admits any number: @pytest.mark.supaseed(isolation="restore")',
        ],
    )
