"""Projects with a database of their own, in which schema sources are run by the owner."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg

from pytest_supaseed.platform.extensions import ExtensionInstaller
from pytest_supaseed.platform.schema_run import SchemaRun, run_sources
from pytest_supaseed.platform.schema_sources import find_sources
from pytest_supaseed.server.databases import create_database, drop_database, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint


@dataclass
class Project:
    """A project's folder, and a database that its schema runs in."""

    root: Path
    login: psycopg.Connection
    owner: psycopg.Connection
    overrides: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def put(self, **texts: str) -> None:
        """Write files `db/<name>.sql`."""
        for name, text in texts.items():
            path = self.root / "db" / f"{name}.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())

    def run(self, *schema: Any) -> SchemaRun:
        """Run the folder `db`, or what is given."""
        sources = find_sources(self.root, schema or ("db",))
        assert sources is not None
        installer = ExtensionInstaller(self.login, owner=self.owner.info.user, overrides=self.overrides)
        return run_sources(sources, self.owner, installer=installer, on_file=self.seen.append)

    def rows(self, query: str) -> list[Any]:
        """What a query of one column finds, asked by another connection."""
        return [value for (value,) in self.login.execute(query.encode())]


@contextmanager
def project_in_copy(endpoint: Endpoint, template: str, root: Path, suffix: str = "copy") -> Iterator[Project]:
    """A project with a copy of the platform's database, for one test."""
    name = f"{template}_{suffix}"
    with maintenance_connection(endpoint) as maintenance:
        drop_database(maintenance, name)
        create_database(maintenance, name, owner=endpoint.owner, template=template)
        try:
            with (
                psycopg.connect(endpoint.conninfo(name), autocommit=True) as login,
                psycopg.connect(endpoint.conninfo(name, as_owner=True), autocommit=True) as owner,
            ):
                yield Project(root, login, owner)
        finally:
            drop_database(maintenance, name)
