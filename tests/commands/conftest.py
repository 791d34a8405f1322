"""A project's folder, and a database that holds a schema already, for the commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from commands.looked_at import SCHEMA, Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def project(tmp_path: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose schema is `schema.sql`, in the current folder."""
    for name in os.environ:
        if name.startswith("SUPASEED_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SUPASEED_URL", endpoint.conninfo())
    monkeypatch.chdir(tmp_path)
    found = Project(tmp_path, endpoint)
    found.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql"]\nusers = 5\n')
    found.write("schema.sql", SCHEMA)
    return found


@pytest.fixture(scope="module")
def filled(maker: Any) -> Iterator[psycopg.Connection]:
    """A connection to a database that holds the schema."""
    with maker.database("looked_at") as connection:
        connection.execute(SCHEMA)
        yield connection
