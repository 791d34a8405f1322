"""Runs schema sources on a connection, statement by statement, as their owner."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.collations import CollationRun
from pytest_supaseed.platform.dump_statements import DumpSurroundings, reason_to_pass_over
from pytest_supaseed.platform.extension_run import ExtensionRun
from pytest_supaseed.platform.file_transaction import FileTransaction
from pytest_supaseed.platform.psql_commands import included_path
from pytest_supaseed.platform.role_run import LEAVES_ROLES, RolePolicy, RoleRun
from pytest_supaseed.platform.source_items import SqlFile, callable_name, importable, shown_path
from pytest_supaseed.platform.sql_lines import is_dump, read_lines
from pytest_supaseed.platform.statement_errors import shortened, statement_error
from pytest_supaseed.platform.statement_kinds import Kind, kind_of
from pytest_supaseed.platform.statements import PsqlCommand, Statement, StatementReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pytest_supaseed.platform.extension_policy import ExtensionDecision
    from pytest_supaseed.platform.extensions import ExtensionInstaller
    from pytest_supaseed.platform.schema_sources import SchemaSources, SourceCallable

SURROUNDINGS = """
select current_user::text,
       (select coalesce(array_agg(nspname::text), '{}') from pg_catalog.pg_namespace),
       (select coalesce(array_agg(pubname::text), '{}') from pg_catalog.pg_publication),
       (select coalesce(array_agg(lower(name)), '{}') from pg_catalog.pg_settings)
"""
RESET = "reset session authorization; reset role; reset all"
"""What Supabase's tool does between files, and the role besides: no file feels what one before it has set."""


@dataclass(frozen=True, slots=True)
class SchemaRun:
    """What running the sources came to.

    Attributes:
        statements: how many were run.
        notes: what a person should know, one line each: what was passed over, and why.
        extensions: what became of each extension.
    """

    statements: int
    notes: tuple[str, ...]
    extensions: tuple[ExtensionDecision, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """What statements are read from: a file, or a text that a function returned (which has no path)."""

    name: str
    path: Path | None
    dump: DumpSurroundings | None = None


def run_sources(
    sources: SchemaSources,
    connection: psycopg.Connection,
    *,
    installer: ExtensionInstaller,
    roles: RolePolicy = LEAVES_ROLES,
    on_file: Callable[[str], None] = lambda _: None,
) -> SchemaRun:
    """Run schema sources in order.

    Each file is a transaction, save for statements that cannot be in one. What a file sets for its session
    ends with the file.

    Args:
        sources: as `find_sources` gives them.
        connection: in autocommit mode, logged in as the role that runs everything. Left as it was given.
        installer: does what `create extension` asks for; may use another connection to the same database.
        roles: what is done about roles that the sources name or make.
        on_file: called with the name of each source before it runs.

    Raises:
        SchemaError: a source cannot be read, or Postgres refused a statement; its transaction is undone.
    """
    runner = _Runner(sources.root, connection, installer, roles)
    for item in sources.items:
        runner.reset()
        if isinstance(item, SqlFile):
            on_file(item.name)
            runner.run_file(item)
        else:
            on_file(callable_name(item))
            runner.run_callable(item)
    runner.reset()
    return SchemaRun(runner.statements, (*sources.notes, *runner.notes()), installer.decisions)


class _Runner:
    """Runs one source after the other, and counts."""

    def __init__(
        self, root: Path, connection: psycopg.Connection, installer: ExtensionInstaller, roles: RolePolicy
    ) -> None:
        self.statements = 0
        self._root = root
        self._connection = connection
        self._installer = installer
        self._extensions = ExtensionRun(installer)
        self._owner = roles.owner
        self._roles = RoleRun(connection, roles)
        self._collations = CollationRun(connection)
        self._transaction = FileTransaction(connection)
        self._passed_over: dict[str, Counter[str]] = {}

    def reset(self) -> None:
        """Forget what the last source set for the session."""
        self._connection.execute(RESET)

    def notes(self) -> list[str]:
        """Say what was passed over."""
        found = []
        for name, reasons in self._passed_over.items():
            counted = ", ".join(f"{reason} ({count})" for reason, count in reasons.items())
            found.append(
                f"{name} is a dump, of which this was passed over and changes nothing here: {counted}"
            )
        return [*found, *self._roles.notes(), *self._collations.notes()]

    def run_file(self, file: SqlFile) -> None:
        """Run a file, in a transaction of its own."""
        self._run_whole(_Source(file.name, file.path, self._surroundings(file.path)))

    def run_callable(self, function: SourceCallable) -> None:
        """Call a function, and run the SQL texts that it returns."""
        name = callable_name(function)
        with importable(self._root):
            try:
                returned = function(self._connection)
                texts = [] if returned is None else [returned] if isinstance(returned, str) else returned
                for number, text in enumerate(_checked_texts(texts, name), start=1):
                    self._commit_callable()
                    self._run_whole(_Source(f"{name}, text {number}", None), text)
                self._commit_callable()
            except SchemaError:
                self._transaction.abandon()
                raise
            except Exception as error:
                self._transaction.abandon()
                raise _callable_failed(name, error) from error

    def _commit_callable(self) -> None:
        """Commit what the function left open: it counts, as it does at the end of a `with`."""
        if not self._connection.autocommit:
            self._connection.commit()
            self._connection.autocommit = True
        elif self._transaction.is_open:
            self._connection.execute("commit")

    def _surroundings(self, path: Path) -> DumpSurroundings | None:
        if not is_dump(path):
            return None
        row = self._connection.execute(SURROUNDINGS).fetchone()
        owner, *names = row or ("", [], [], [])
        schemas, publications, settings = map(frozenset, names)
        return DumpSurroundings(self._owner or owner, schemas, publications, settings)

    def _run_whole(self, source: _Source, text: str | None = None) -> None:
        try:
            last = self._run_statements(source, text, including=())
            if self._transaction.is_the_files:
                raise SchemaError(
                    f"{source.name} begins a transaction and does not end it.",
                    remedies=[
                        "end it with `commit`, or leave `begin` out: each file is a transaction as it is"
                    ],
                )
            self._guarded(source, last, self._transaction.leave)
        finally:
            self._transaction.abandon()

    def _run_statements(self, source: _Source, text: str | None, *, including: tuple[Path, ...]) -> Statement:
        lines: Iterable[str] = (
            io.StringIO(text, newline="\n") if source.path is None else read_lines(source.path, source.name)
        )
        reader = StatementReader(lines, name=source.name)
        last = Statement("", 1, 0)
        reader.standard_strings = self._standard_strings()
        for statement in reader:
            if isinstance(statement, PsqlCommand):
                self._run_command(source, statement, including)
            elif statement.body:
                last = statement
                self._run_statement(source, statement, reader)
            reader.standard_strings = self._standard_strings()
        return last

    def _standard_strings(self) -> bool:
        return self._connection.info.parameter_status("standard_conforming_strings") != "off"

    def _run_command(self, source: _Source, command: PsqlCommand, including: tuple[Path, ...]) -> None:
        place = f"{source.name}, line {command.first_line}"
        beside = source.path.parent if source.path else None
        path = included_path(command.body, place=place, beside=beside, root=self._root)
        if path is None:
            return
        chain = (*including, *([source.path] if source.path else []))
        if path.resolve() in {other.resolve() for other in chain}:
            raise SchemaError(
                f"{place}: {command.body.strip()} includes a file that includes it.",
                looked_at=[shown_path(other, self._root) for other in chain],
                remedies=["take one of the two out"],
            )
        included = _Source(shown_path(path, self._root), path, self._surroundings(path) or source.dump)
        self._run_statements(included, None, including=chain)

    def _run_statement(self, source: _Source, statement: Statement, reader: StatementReader) -> None:
        if source.dump is not None:
            reason = reason_to_pass_over(statement.body, source.dump)
            if reason is not None:
                if reason:
                    self._passed_over.setdefault(source.name, Counter())[reason] += 1
                return
        kind = kind_of(statement.body)
        if kind is Kind.EMPTY:
            return
        if kind in _REFUSED:
            raise _refusal(source, statement, _REFUSED[kind])
        self._guarded(source, statement, lambda: self._run_kind(kind, source, statement, reader))
        self.statements += 1

    def _run_kind(self, kind: Kind, source: _Source, statement: Statement, reader: StatementReader) -> None:
        transaction = self._transaction
        if kind in {Kind.BEGIN, Kind.END, Kind.STANDALONE}:
            # Where the file says `rollback` without a `begin`, psql would have nothing to undo: nor have we.
            transaction.leave()
            self._execute(statement.body)
            if kind is not Kind.STANDALONE:
                transaction.follow(begins=kind is Kind.BEGIN)
        elif kind is Kind.EXTENSION:
            self._extensions.run(
                statement.body, transaction, place=f"{source.name}, line {statement.first_line}"
            )
        elif kind is Kind.COPY_IN:
            transaction.enter()
            with self._connection.cursor().copy(statement.body.encode()) as copy:
                for chunk in reader.copy_data():
                    copy.write(chunk)
        else:
            body = self._extensions.prepare(statement.body, transaction)
            transaction.enter()
            prepared = self._roles.prepare(body)
            if prepared is not None:
                self._execute(self._collations.prepare(prepared))

    def _execute(self, text: str) -> None:
        # Never prepared: no statement of a schema comes twice, and some cannot be.
        self._connection.execute(self._installer.adapted(text).encode(), prepare=False)

    def _guarded(self, source: _Source, statement: Statement, act: Callable[[], None]) -> None:
        try:
            act()
        except psycopg.Error as error:
            owner = self._connection.info.user if not self._connection.closed else "the owner"
            raise statement_error(source.name, statement, error, owner=owner) from error


_REFUSED = {
    Kind.OF_THE_SERVER: (
        "it would change the server outside of the test's own database",
        "take it out of the schema; a dump is to be made without --create",
    ),
    Kind.COPY_OUT: ("there is nobody to read what it writes", "take it out of the schema"),
}


def _refusal(source: _Source, statement: Statement, why: tuple[str, str]) -> SchemaError:
    reason, remedy = why
    return SchemaError(
        f"{source.name}, line {statement.first_line}: this statement is not run, for {reason}.",
        looked_at=[shortened(statement.body)],
        remedies=[remedy],
    )


def _checked_texts(returned: object, name: str) -> Iterable[str]:
    from collections.abc import Iterable as AnyIterable

    if not isinstance(returned, AnyIterable) or isinstance(returned, bytes):
        raise _wrong_return(name, returned)
    for text in returned:
        if not isinstance(text, str):
            raise _wrong_return(name, text)
        yield text


def _wrong_return(name: str, returned: object) -> SchemaError:
    return SchemaError(
        f"The schema source {name} returned {type(returned).__name__}.",
        remedies=["return None, or SQL texts: a list of str, or a generator"],
    )


def _callable_failed(name: str, error: Exception) -> SchemaError:
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "psycopg" not in frame.filename]
    last = frames[-1] if frames else last
    return SchemaError(
        f"The schema source {name} failed: {type(error).__name__}: {str(error).strip()}",
        looked_at=[f"{last.filename}, line {last.lineno}: {last.line}"],
        remedies=["call it alone on an empty database to see it fail by itself"],
    )
