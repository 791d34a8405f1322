"""Template databases under a digest, made once by whoever comes first, and never trusted half made."""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.isolation.database_settings import apply_settings
from pytest_supaseed.isolation.registry_connection import RegistryConnection, registry_connection
from pytest_supaseed.isolation.template_pruning import PruneRules, drop_template, prune_templates
from pytest_supaseed.isolation.template_registry import (
    RegisteredTemplate,
    ensure_registry,
    refuse_stranger,
    register_template,
    use_template,
)
from pytest_supaseed.isolation.template_uses import hold_template, let_go_of_template
from pytest_supaseed.isolation.unlogged_rows import keeps_unlogged, note_unlogged
from pytest_supaseed.memory_size import DEFAULT_CACHE
from pytest_supaseed.server.databases import (
    TEMPLATE_PREFIX,
    create_database,
    database_lock,
    database_size,
    drop_database,
    drop_leftovers,
    list_databases,
    unmark_template,
)
from pytest_supaseed.server.memory_tablespace import tablespace_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.endpoint import Endpoint

DIGEST_SIZE = 12
"""Bytes: 96 bits are beyond an accidental clash, and keep names within Postgres's 63 bytes."""


@dataclass(frozen=True)
class Template:
    """A template database that is whole.

    Args:
        name: the database.
        content: what was written down when it was made: JSON.
        built: whether this process made it just now.
        oid: the database's: its name passes to another one when it is made anew.
    """

    name: str
    content: dict[str, Any]
    built: bool
    oid: int


def template_name(*parts: str) -> str:
    """Return the name of the template that is made of these parts: the same parts, the same name."""
    digest = hashlib.blake2b(json.dumps(parts).encode(), digest_size=DIGEST_SIZE)
    return TEMPLATE_PREFIX + digest.hexdigest()


_CODE = (".py", ".sql", ".control", ".toml")


@cache
def package_digest() -> str:
    """A digest of this package's own code: a release, or an edit in a checkout, makes new datasets."""
    root = files("pytest_supaseed")
    digest = hashlib.blake2b(digest_size=DIGEST_SIZE)
    for layer in ("catalog", "isolation", "load", "mapping", "plan", "platform", "rows"):
        paths = (path for path in _walk(root / layer) if path.name.endswith(_CODE))
        for path in sorted(paths, key=str):
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _walk(folder: Any) -> Iterator[Any]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry


class TemplateStore:
    """The templates of one endpoint, as one process sees them; made by `open_store`.

    Args:
        endpoint: the server.
        connection: this process's connection to the registry, which says that its run is alive.
        run: the test run, whose workers are one.
        cache_limit: bytes that templates may take; None for no limit.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        connection: RegistryConnection,
        run: str,
        *,
        cache_limit: int | None = DEFAULT_CACHE,
    ) -> None:
        self.endpoint = endpoint
        self._connection = connection
        self._run = run
        self._cache_limit = cache_limit
        self._made = 0
        self._sizes: dict[str, int] = {}
        self._held: dict[str, int] = {}
        self._uses: set[int] = set()
        self._origins: dict[str, Template] = {}
        connection.on_renewed(self.hold_again)

    @property
    def registry(self) -> psycopg.Connection:
        """The connection to the registry; a new one where the server was restarted.

        Raises:
            EndpointError: the server does not come back.
            DatasetError: this process was forked from the one that the connection belongs to.
        """
        return self._connection.alive()

    def new_name(self) -> str:
        """Return the name of a new database of this run's own."""
        self._made += 1
        return f"{self._connection.prefix}{self._made}"

    def ensure(
        self,
        name: str,
        build: Callable[[str], dict[str, Any]],
        *,
        rebuild: bool = False,
        on_wait: Callable[[], None],
    ) -> Template:
        """Return a template; make it where it is missing, while other processes wait.

        It stays for as long as this run lives, whoever prunes. One that was made by this call may push others
        out, the least recently used ones, which no live run uses.

        Args:
            name: the template's name.
            build: makes a database of the name that it is given and returns the content to write down. If it
                fails, however it fails, the database is dropped.
            rebuild: make it anew although it is there, unless a process of this same run has made it.
            on_wait: called where another process is making it.
        """
        found = self._find(name, rebuild=rebuild)
        if found is None:
            with database_lock(self.registry, name, on_wait=on_wait):
                found = self._find(name, rebuild=rebuild) or self._build(name, build)
            if found.built:
                prune_templates(self.registry, PruneRules(limit=self._cache_limit))
        return found

    def _find(self, name: str, *, rebuild: bool) -> Template | None:
        while (known := use_template(self.registry, name)) is not None:
            if not self._is_whole(known) or (rebuild and known.content["run"] != self._run):
                return None
            if self._hold(name, known.oid):
                return Template(name, known.content, built=False, oid=known.oid)
        return None

    def hold_again(self, registry: psycopg.Connection) -> None:
        """Keep the templates that this run uses from being dropped, on a new connection after a loss."""
        for oid in self._uses:
            hold_template(registry, oid)

    def _is_whole(self, known: RegisteredTemplate) -> bool:
        """Whether a template has lost nothing, and is a copy of what this run knows.

        A schema that was made anew has other OIDs.
        """
        if not keeps_unlogged(self.registry, known.oid, known.content):
            return False
        if known.made_from is None:
            return True
        return known.made_from_oid == self._held.get(known.made_from, known.current_oid)

    def _hold(self, name: str, oid: int) -> bool:
        """Keep a template from being dropped; False where that happened just before."""
        if self._held.get(name) == oid:
            return True
        hold_template(self.registry, oid)
        if _database_of(self.registry, oid) == name:
            self._note(name, oid)
            return True
        let_go_of_template(self.registry, oid)
        return False

    def _note(self, name: str, oid: int) -> None:
        self._held[name] = oid
        self._uses.add(oid)

    def _build(self, name: str, build: Callable[[str], dict[str, Any]]) -> Template:
        working = self.new_name()
        try:
            content = {**build(working), "run": self._run}
            oid = _oid_of(self.registry, working)
            hold_template(self.registry, oid)
            note_unlogged(self.registry, oid, content)
            replaced = self._publish(working, name, content)
        except BaseException:
            if self._connection.is_alive():  # otherwise what happened is said, and not that this fails too
                drop_database(self.registry, working)
            raise
        self._note(name, oid)
        if replaced is not None:
            drop_template(self.registry, *replaced)
        return Template(name, content, built=True, oid=oid)

    def _publish(self, working: str, name: str, content: dict[str, Any]) -> tuple[str, int] | None:
        """Make a database the template of a name; return name and OID of the one that it replaces.

        That one is a template still: a run that lives may go on making clones of it.
        """
        origin = self._origins.pop(working, None)
        target, replaced = sql.Identifier(name), None
        with self.registry.transaction():
            if name in list_databases(self.registry, name):
                replaced = (superseded_name(), _oid_of(self.registry, name))
                self._rename(name, replaced[0])
            self._rename(working, name)
            self.registry.execute(
                sql.SQL("alter database {} is_template true allow_connections false").format(target)
            )
            self.registry.execute("delete from public.template where name = %s", (name,))
            made_from = None if origin is None else (origin.name, origin.oid)
            register_template(self.registry, name, content, made_from)
        return replaced

    def _rename(self, name: str, new: str) -> None:
        self.registry.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(new))
        )

    def forget(self, name: str) -> None:
        """Drop a template, and what is written down of it, if it is there, whoever uses it."""
        self.registry.execute("delete from public.template where name = %s", (name,))
        if name in list_databases(self.registry, name):
            unmark_template(self.registry, name)
            drop_database(self.registry, name)

    def clone(
        self,
        template: Template,
        name: str,
        *,
        lasting: bool = False,
        connection: psycopg.Connection | None = None,
    ) -> None:
        """Make a database of this run's own as a copy of a template, settings of the database included.

        It is of the very template that was found, also where another run has made it anew since.

        Args:
            template: what is copied.
            name: the new database.
            lasting: it will become a template; otherwise it may lie in memory, where the server offers that.
            connection: to the registry, in another thread than this store's own is used in.

        Raises:
            DatasetError: the server makes no copy, or has lost what was in unlogged tables.
        """
        registry = connection or self.registry
        if not keeps_unlogged(registry, template.oid, template.content):
            raise _lost_rows(self.endpoint, template)
        source = _database_of(registry, template.oid)
        if source is None:
            raise _no_copy(self.endpoint, template, f"{template.name} does not exist any more")
        if lasting:
            self._origins[name] = template
        try:
            create_database(
                registry,
                name,
                owner=template.content.get("owner", self.endpoint.owner),
                template=source,
                tablespace=None if lasting else tablespace_for(self.endpoint, self.size(template)),
            )
        except psycopg.Error as error:
            raise _no_copy(self.endpoint, template, " ".join(str(error).split())) from error
        apply_settings(registry, name, template.content.get("settings", ()))

    def size(self, template: Template) -> int:
        """Return how many bytes a clone of a template takes at first."""
        if template.name not in self._sizes:
            self._sizes[template.name] = database_size(self.registry, template.name)
        return self._sizes[template.name]

    def drop(self, name: str, *, connection: psycopg.Connection | None = None) -> None:
        """Drop a database of this run's own."""
        drop_database(connection or self.registry, name)


def superseded_name() -> str:
    """Return a name for a template that was made anew while a run may still use it."""
    return f"{TEMPLATE_PREFIX}old_{secrets.token_hex(8)}"


def _database_of(registry: psycopg.Connection, oid: int) -> str | None:
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select datname::text from pg_catalog.pg_database where oid = %s::int8::oid", (oid,)
        ).fetchone()
    return row[0] if row else None


def _oid_of(registry: psycopg.Connection, name: str) -> int:
    with registry.cursor(row_factory=tuple_row) as cursor:
        row: Any = cursor.execute(
            "select oid::int8 from pg_catalog.pg_database where datname = %s", (name,)
        ).fetchone()
    return int(row[0])


def _no_copy(endpoint: Endpoint, template: Template, said: str) -> DatasetError:
    return DatasetError(
        f"The database for a test could not be made: {said}",
        looked_at=[f"create database ... template {template.name}, on {endpoint.title}"],
        remedies=[
            "if the server was stopped, run again",
            "if the disk is full, free some, or use another cache folder: --supaseed-cache-dir=FOLDER",
            "if the template is damaged, make it anew: --supaseed-rebuild",
        ],
    )


def _lost_rows(endpoint: Endpoint, template: Template) -> DatasetError:
    return DatasetError(
        "The server crashed, and lost the rows of its unlogged tables, as Postgres does.",
        looked_at=[f"template {template.name}, on {endpoint.title}"],
        remedies=["run again: what was lost is made anew", "see in the server's log why it crashed"],
    )


@contextmanager
def open_store(
    endpoint: Endpoint, *, run: str, cache_limit: int | None = DEFAULT_CACHE
) -> Iterator[TemplateStore]:
    """Begin a run on an endpoint: drop what dead runs left, and this process's own databases in the end.

    Args:
        endpoint: the server.
        run: the name of the test run, the same for all workers of it.
        cache_limit: bytes that templates may take; None for no limit.

    Raises:
        EndpointError: the login may not create databases, or not use what is kept on the server.
    """
    with registry_connection(endpoint) as connection:
        prefix = connection.prefix
        refuse_stranger(connection.alive(), endpoint)
        ensure_registry(connection.alive())
        drop_leftovers(connection.alive(), own=prefix)
        try:
            yield TemplateStore(endpoint, connection, run, cache_limit=cache_limit)
        finally:
            if connection.is_alive():
                registry = connection.alive()
                for name in list_databases(registry, prefix):
                    drop_database(registry, name)
                # Backends take milliseconds to end; who looks meanwhile need not think that a run is alive.
                registry.execute("select pg_advisory_unlock_all()")
