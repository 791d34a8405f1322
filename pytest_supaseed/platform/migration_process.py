"""A process of its own, for one migration tool: `python -m ...migration_process alembic alembic.ini`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pytest_supaseed.platform.migration_tools import URL


def main(tool: str, target: str) -> None:
    """Make a schema in the database of the variable `SUPASEED_MIGRATION_URL`.

    Args:
        tool: `alembic`, `django` or `sqlalchemy`.
        target: what it runs.
    """
    sys.path.insert(0, os.getcwd())  # noqa: PTH109  # a text is what belongs there
    {"alembic": run_alembic, "django": run_django, "sqlalchemy": run_sqlalchemy}[tool](
        target, os.environ[URL]
    )


def run_alembic(target: str, url: str) -> None:
    """Upgrade to the heads of a configuration file; its `sqlalchemy.url` is the database's."""
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config(target)
    config.set_main_option("sqlalchemy.url", _for_sqlalchemy(url).replace("%", "%%"))
    command.upgrade(config, "heads")


def run_sqlalchemy(target: str, url: str) -> None:
    """Create the schemas and tables of a `MetaData`, or of a base class that has one."""
    sqlalchemy = import_module("sqlalchemy")
    module, _, names = target.partition(":")
    found: Any = import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    metadata = getattr(found, "metadata", found)
    schemas = sorted({table.schema for table in metadata.tables.values() if table.schema})
    with sqlalchemy.create_engine(_for_sqlalchemy(url)).begin() as connection:
        for schema in schemas:
            connection.execute(sqlalchemy.schema.CreateSchema(schema, if_not_exists=True))
        metadata.create_all(connection)


def run_django(target: str, url: str) -> None:
    """Run all migrations of a settings module, whose default database is ours meanwhile."""
    os.environ["DJANGO_SETTINGS_MODULE"] = target
    settings = import_module("django.conf").settings
    default = settings.DATABASES.setdefault("default", {})
    engine = default.get("ENGINE", "")
    if "post" not in engine:  # postgresql, postgis, psqlextra
        default["ENGINE"] = "django.db.backends.postgresql"
    default.update(django_database(url))
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", interactive=False, verbosity=0)


def django_database(url: str) -> dict[str, object]:
    """Return where Django connects, as an entry of `DATABASES` says it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else parts.hostname or "",
        "PORT": query["port"][0] if "port" in query else parts.port or "",
        "OPTIONS": {},
    }


def _for_sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
