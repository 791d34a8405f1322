"""Schemas that Alembic, Django or SQLAlchemy make: each tool runs in a process of its own.

There it may configure itself, its logging and its settings as it likes: nothing of that is felt in the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.settings_files import settings_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

URL = "SUPASEED_MIGRATION_URL"
"""The variable by which the process is told where to connect: no argument, which others could read."""

SHOWN_LINES = 6
"""Of what a tool printed last, for a message."""

_MAKES_TABLES = """
select exists (
    select from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_|^information_schema$'
)
"""

_EXAMPLES = {
    "alembic": "alembic:alembic.ini",
    "django": "django:shop.settings",
    "sqlalchemy": "sqlalchemy:shop.models:Base.metadata",
}
_ELSEWHERE = {
    "alembic": "let env.py take the URL from its config: config.get_main_option('sqlalchemy.url')",
    "django": "is an app with models in INSTALLED_APPS, and are its migrations made?",
    "sqlalchemy": "does that module import the modules that hold the models?",
}
_NEVER_WATCHED = frozenset({"node_modules", "site-packages", "__pycache__"})


@dataclass(frozen=True)
class MigrationTool:
    """A tool that makes a schema; it is called as a function that is a schema source.

    Attributes:
        tool: `alembic`, `django` or `sqlalchemy`.
        target: its configuration file, its settings module, or `pkg.mod:metadata`.
        root: the project's folder: the tool runs there, and imports from there.
    """

    tool: str
    target: str
    root: Path

    @property
    def name(self) -> str:
        """What it is called in messages, as the option `schema` says it."""
        return f"{self.tool}:{self.target}"

    def watched(self) -> list[Path]:
        """Return the files of which a change makes the schema anew, in order.

        Alembic's configuration and scripts; Django's settings, what they import of their own package, and all
        migrations below the root; the package of SQLAlchemy's models.
        """
        found = {"alembic": self._scripts, "django": self._migrations, "sqlalchemy": self._models}
        return sorted(path for path in set(found[self.tool]()) if path.is_file())

    def __call__(self, connection: psycopg.Connection) -> None:
        """Let the tool make its tables in the database of a connection.

        Raises:
            SchemaError: it failed, or made no table there.
        """
        command = [sys.executable, "-m", "pytest_supaseed.platform.migration_process", self.tool, self.target]
        url = connection_url(connection)
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **_importable_here(), URL: url, "DATABASE_URL": url},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise self._failed(done.stderr or done.stdout)
        row = connection.execute(_MAKES_TABLES, prepare=False).fetchone()
        if not (row and row[0]):
            raise SchemaError(
                f"The schema source {self.name} ran and made no table in the test's database.",
                remedies=[_ELSEWHERE[self.tool]],
            )

    def _failed(self, printed: str) -> SchemaError:
        lines = [line.rstrip() for line in printed.splitlines() if line.strip()]
        return SchemaError(
            f"The schema source {self.name} failed: {lines[-1] if lines else 'it printed nothing'}",
            looked_at=lines[-SHOWN_LINES:-1],
            remedies=[f"it ran in {self.root}: let {self.tool} work there by itself first"],
        )

    def _scripts(self) -> Iterator[Path]:
        file = self.root / self.target
        yield file
        parser = ConfigParser({"here": str(file.parent)})
        try:
            parser.read(file, encoding="utf-8")
            options = ("script_location", "version_locations")
            places = [parser.get("alembic", option, fallback="") for option in options]
        except ConfigError:  # Alembic says it better
            places = []
        for place in " ".join(places).replace(os.pathsep, " ").replace(",", " ").split():
            yield from (self.root / place).rglob("*.py")

    def _migrations(self) -> Iterator[Path]:
        yield from settings_files(self.target, self.root)
        for name, folders, _ in os.walk(self.root):
            folders[:] = [folder for folder in folders if folder[0] != "." and folder not in _NEVER_WATCHED]
            if Path(name).name == "migrations":
                yield from Path(name).glob("*.py")

    def _models(self) -> Iterator[Path]:
        first = self.target.partition(":")[0].split(".")[0]
        if (self.root / first).is_dir():
            yield from (self.root / first).rglob("*.py")
        elif (self.root / f"{first}.py").is_file():
            yield self.root / f"{first}.py"
        else:
            spec = find_spec(first)
            for place in (spec.submodule_search_locations or ()) if spec else ():
                yield from Path(place).rglob("*.py")


def migration_tool(root: Path, text: str) -> MigrationTool | None:
    """Return the tool that an item of the option `schema` names; None where it names none.

    Args:
        root: the project's folder.
        text: `alembic:alembic.ini`, `django:shop.settings` or `sqlalchemy:shop.models:Base.metadata`.

    Raises:
        SchemaError: the item says less than the tool needs.
    """
    tool, _, target = text.partition(":")
    if tool not in _EXAMPLES:
        return None
    lacks_name = tool == "sqlalchemy" and not target.partition(":")[2]
    if not target or lacks_name or (tool == "alembic" and not (root / target).is_file()):
        raise SchemaError(
            f"{text}, named by the option `schema`, does not say what {tool} is to run.",
            looked_at=[str(root / target)] if tool == "alembic" else [],
            remedies=[f"write it like this: {_EXAMPLES[tool]}"],
        )
    return MigrationTool(tool, target, root)


def connection_url(connection: psycopg.Connection) -> str:
    """Return the URL by which another client connects as a connection did."""
    info = connection.info
    login = ":".join(quote(part, safe="") for part in (info.user, info.password) if part)
    if info.host.startswith("/"):
        return f"postgresql://{login}@/{quote(info.dbname, safe='')}?host={quote(info.host)}&port={info.port}"
    host = f"[{info.host}]" if ":" in info.host else info.host
    return f"postgresql://{login}@{host}:{info.port}/{quote(info.dbname, safe='')}"


def _importable_here() -> dict[str, str]:
    """What this process imports from, for one that starts in another folder."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
