"""Runs the statements about extensions that schema sources hold, by way of the extension policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.extension_blocks import block_extensions, without_extensions
from pytest_supaseed.platform.extension_statements import (
    CreateExtension,
    OtherExtension,
    read_extension_statement,
)

if TYPE_CHECKING:
    from pytest_supaseed.platform.extensions import ExtensionInstaller
    from pytest_supaseed.platform.file_transaction import FileTransaction


class ExtensionRun:
    """Does what statements about extensions ask for.

    Args:
        installer: creates extensions, or what stands in for them.
    """

    def __init__(self, installer: ExtensionInstaller) -> None:
        self._installer = installer
        self._dropped: set[str] = set()

    def run(self, statement: str, transaction: FileTransaction, *, place: str) -> None:
        """Run a statement about extensions.

        Args:
            statement: from its first token on.
            transaction: where the file stands. It is committed first: the installer's connection must see
                the schema that the file may just have made for the extension.
            place: file and line, for messages.

        Raises:
            SchemaError: an extension cannot be had, and nothing stands in for it.
            psycopg.Error: Postgres refused.
        """
        found = read_extension_statement(statement)
        was_the_files = transaction.interrupt()
        if isinstance(found, CreateExtension):
            self._create(found, place)
        elif isinstance(found, OtherExtension) and any(map(self._installer.stands_in, found.names)):
            self._pass_over(found)
        else:
            self._installer.run(statement.encode())
        transaction.resume(was_the_files=was_the_files)

    def prepare(self, statement: str, transaction: FileTransaction) -> str:
        """Return a statement without the extensions that its `do` block creates and something stands in for.

        Those are stood in for at once, whatever the block makes it depend on. What the server has, and what
        nobody has, is left to Postgres: the block may well ask first.

        Raises:
            psycopg.Error: Postgres refused.
        """
        found = [one for one in block_extensions(statement) if self._installer.would_stand_in(one.asked.name)]
        if not found:
            return statement
        was_the_files = transaction.interrupt()
        for one in found:
            self._installer.create(one.asked.name, schema=one.asked.schema, if_not_exists=True)
        transaction.resume(was_the_files=was_the_files)
        return without_extensions(statement, found)

    def _create(self, asked: CreateExtension, place: str) -> None:
        try:
            self._installer.create(
                asked.name,
                schema=asked.schema,
                # What stands in for an extension stays when that is dropped: it is there when it comes again.
                if_not_exists=asked.if_not_exists or asked.name in self._dropped,
                cascade=asked.cascade,
            )
        except SchemaError as error:
            raise SchemaError(
                f"{place}: {error.summary}", looked_at=error.looked_at, remedies=error.remedies
            ) from error

    def _pass_over(self, asked: OtherExtension) -> None:
        """Do what a statement asks of those of its extensions that are real; only `drop` names several."""
        if asked.verb != "drop":
            return
        self._dropped.update(filter(self._installer.stands_in, asked.names))
        real = [sql.Identifier(name) for name in asked.names if not self._installer.stands_in(name)]
        if real:
            parts: list[sql.Composable] = [sql.SQL("drop extension")]
            if asked.if_exists:
                parts.append(sql.SQL("if exists"))
            parts.append(sql.SQL(", ").join(real))
            if asked.cascade:
                parts.append(sql.SQL("cascade"))
            self._installer.run(sql.SQL(" ").join(parts))
