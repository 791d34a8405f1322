"""Template databases under a digest, made once by whoever comes first, and never trusted half made."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.server.databases import (
    TEMPLATE_PREFIX,
    begin_run,
    connect_registry,
    create_database,
    database_lock,
    database_size,
    drop_database,
    drop_leftovers,
    list_databases,
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
    """

    name: str
    content: dict[str, Any]
    built: bool


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
        registry: this process's connection to the registry, which says that its run is alive.
        prefix: how the names of this process's own databases begin.
        run: the test run, whose workers are one.
    """

    def __init__(self, endpoint: Endpoint, registry: psycopg.Connection, prefix: str, run: str) -> None:
        self.endpoint = endpoint
        self.registry = registry
        self._prefix = prefix
        self._run = run
        self._made = 0
        self._sizes: dict[str, int] = {}

    def new_name(self) -> str:
        """Return the name of a new database of this run's own."""
        self._made += 1
        return f"{self._prefix}{self._made}"

    def ensure(
        self,
        name: str,
        build: Callable[[str], dict[str, Any]],
        *,
        rebuild: bool = False,
        on_wait: Callable[[], None],
    ) -> Template:
        """Return a template; make it where it is missing, while other processes wait.

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
                found = self._find(name, rebuild=rebuild)
                if found is None:
                    return Template(name, self._build(name, build), built=True)
        return found

    def _find(self, name: str, *, rebuild: bool) -> Template | None:
        content = self._content(name)
        if content is None or (rebuild and content["run"] != self._run):
            return None
        return Template(name, content, built=False)

    def _content(self, name: str) -> dict[str, Any] | None:
        with self.registry.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(
                "update public.template as t set used_at = now() where name = %s and exists"
                " (select from pg_catalog.pg_database as d where d.datname = t.name and d.datistemplate)"
                " returning content",
                (name,),
            ).fetchone()
        found: dict[str, Any] | None = json.loads(row[0]) if row else None
        return found

    def _build(self, name: str, build: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        working = self.new_name()
        try:
            content = {**build(working), "run": self._run}
            self.forget(name)
            self._mark(working, name, content)
        except BaseException:
            drop_database(self.registry, working)
            raise
        return content

    def _mark(self, working: str, name: str, content: dict[str, Any]) -> None:
        target = sql.Identifier(name)
        with self.registry.transaction():
            self.registry.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(working), target)
            )
            self.registry.execute(
                sql.SQL("alter database {} is_template true allow_connections false").format(target)
            )
            self.registry.execute(
                "insert into public.template (name, content) values (%s, %s)", (name, json.dumps(content))
            )

    def forget(self, name: str) -> None:
        """Drop a template, and what is written down of it, if it is there."""
        self.registry.execute("delete from public.template where name = %s", (name,))
        if name in list_databases(self.registry, name):
            self.registry.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(name)))
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

        Args:
            template: what is copied.
            name: the new database.
            lasting: it will become a template; otherwise it may lie in memory, where the server offers that.
            connection: to the registry, in another thread than this store's own is used in.

        Raises:
            DatasetError: the server makes no copy.
        """
        registry = connection or self.registry
        try:
            create_database(
                registry,
                name,
                owner=template.content.get("owner", self.endpoint.owner),
                template=template.name,
                tablespace=None if lasting else tablespace_for(self.endpoint, self.size(template)),
            )
        except psycopg.Error as error:
            raise _no_copy(self.endpoint, template, error) from error
        for setting in template.content.get("settings", ()):
            key, _, value = setting.partition("=")
            registry.execute(
                sql.SQL("alter database {} set {} = {}").format(
                    sql.Identifier(name), sql.SQL(key), _setting_value(key, value)
                )
            )

    def size(self, template: Template) -> int:
        """Return how many bytes a clone of a template takes at first."""
        if template.name not in self._sizes:
            self._sizes[template.name] = database_size(self.registry, template.name)
        return self._sizes[template.name]

    def drop(self, name: str, *, connection: psycopg.Connection | None = None) -> None:
        """Drop a database of this run's own."""
        drop_database(connection or self.registry, name)


_LISTS = frozenset(
    {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"}
)


def _no_copy(endpoint: Endpoint, template: Template, error: psycopg.Error) -> DatasetError:
    said = " ".join(str(error).split())
    return DatasetError(
        f"The database for a test could not be made: {said}",
        looked_at=[f"create database ... template {template.name}, on {endpoint.title}"],
        remedies=[
            "if the server was stopped, run again",
            "if the disk is full, free some, or use another cache folder: --supaseed-cache-dir=FOLDER",
            "if the template is damaged, make it anew: --supaseed-rebuild",
        ],
    )


def _setting_value(key: str, value: str) -> sql.Composable:
    """A value as `pg_db_role_setting` holds it; lists of names are there as they are written in SQL."""
    return sql.SQL(value) if key in _LISTS else sql.Literal(value)


def database_settings(connection: psycopg.Connection) -> list[str]:
    """Return what `alter database ... set` set for all roles in the connection's database: `name=value`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "select unnest(s.setconfig) from pg_catalog.pg_db_role_setting as s"
            " join pg_catalog.pg_database as d on d.oid = s.setdatabase"
            " where d.datname = current_database() and s.setrole = 0 order by 1"
        ).fetchall()
    return [text for (text,) in rows]


@contextmanager
def open_store(endpoint: Endpoint, *, run: str) -> Iterator[TemplateStore]:
    """Begin a run on an endpoint: drop what dead runs left, and this process's own databases in the end.

    Args:
        endpoint: the server.
        run: the name of the test run, the same for all workers of it.

    Raises:
        EndpointError: the login may not create databases.
    """
    with connect_registry(endpoint) as registry:
        prefix = begin_run(registry)
        with database_lock(registry, "registry"):
            registry.execute(_registry_table())
        drop_leftovers(registry, own=prefix)
        try:
            yield TemplateStore(endpoint, registry, prefix, run)
        finally:
            if not registry.closed:
                for name in list_databases(registry, prefix):
                    drop_database(registry, name)


@cache
def _registry_table() -> bytes:
    return files("pytest_supaseed.isolation").joinpath("queries", "registry.sql").read_bytes()
