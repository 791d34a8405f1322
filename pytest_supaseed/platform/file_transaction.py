"""The transaction that a file of statements runs in: ours, unless the file says `begin` itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    import psycopg


class FileTransaction:
    """Opens and closes transactions around the statements of one file, on a connection in autocommit mode.

    Ours is begun by the first statement that needs one, and ends where the file does: a file is applied whole
    or not at all, and quickly. What cannot be in it stands between two of ours.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._is_the_files = False

    @property
    def is_open(self) -> bool:
        """Is any transaction open, be it ours or the file's."""
        return self._connection.info.transaction_status != TransactionStatus.IDLE

    @property
    def is_the_files(self) -> bool:
        """Is one open that the file began."""
        return self._is_the_files and self.is_open

    def enter(self) -> None:
        """Be in a transaction: in the open one, or a new one of ours."""
        if not self.is_open:
            self._is_the_files = False
            self._connection.execute("begin")

    def leave(self) -> None:
        """Be in none of ours: commit it. The file's own stays open."""
        if self.is_open and not self._is_the_files:
            self._connection.execute("commit")

    def follow(self, *, begins: bool) -> None:
        """Take note that the file has begun a transaction, or ended one."""
        self._is_the_files = begins or self.is_open

    def interrupt(self) -> bool:
        """Commit what is open, whoever began it, so that other connections see it; say if it was the file's.

        The file's own goes on after `resume`.
        """
        was_the_files = self.is_the_files
        if self.is_open:
            self._connection.execute("commit")
        return was_the_files

    def resume(self, *, was_the_files: bool) -> None:
        """Begin the file's transaction again."""
        if was_the_files:
            self._connection.execute("begin")
            self._is_the_files = True

    def abandon(self) -> None:
        """Undo what is open, after an error."""
        if not self._connection.closed and self.is_open:
            self._connection.execute("rollback")
