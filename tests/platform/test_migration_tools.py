"""Items of the option `schema` that name a migration tool: what they run, what they watch, how they fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from platform_databases import one_value

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.migration_process import django_database
from pytest_supaseed.platform.migration_tools import connection_url, migration_tool
from pytest_supaseed.platform.schema_sources import find_sources

if TYPE_CHECKING:
    from pathlib import Path

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table

tables = MetaData()
Table("made", tables, Column("id", Integer, primary_key=True), schema="of models")
"""


def put(root: Path, **texts: str) -> None:
    """Write Python modules; a double underscore is a folder."""
    for name, text in texts.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def digest(root: Path, item: str) -> str:
    """The digest of a schema that is made by one item."""
    sources = find_sources(root, (item,))
    assert sources is not None
    return sources.digest()


def test_metadata_makes_schemas_and_tables(empty_database: psycopg.Connection, tmp_path: Path) -> None:
    """In the connection's own database, from modules below the root."""
    put(tmp_path, shop__models=MODELS)
    tool = migration_tool(tmp_path, "sqlalchemy:shop.models:tables")
    assert tool is not None
    tool(empty_database)
    assert one_value(empty_database, """select to_regclass('"of models".made') is not null""") is True


def test_a_tool_that_fails_says_why(empty_database: psycopg.Connection, tmp_path: Path) -> None:
    """The last line that it printed, and where it ran; no traceback of ours."""
    put(tmp_path, broken="import no_such_module")
    tool = migration_tool(tmp_path, "sqlalchemy:broken:tables")
    assert tool is not None
    with pytest.raises(SchemaError) as caught:
        tool(empty_database)
    assert "sqlalchemy:broken:tables failed: ModuleNotFoundError: No module named 'no_such_module'" in str(
        caught.value
    )
    assert str(tmp_path) in str(caught.value)


def test_a_tool_that_makes_nothing_here_is_an_error(
    empty_database: psycopg.Connection, tmp_path: Path
) -> None:
    """As when an env.py of Alembic connects to where it always does."""
    put(tmp_path, migrations__env="")
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\npath_separator = os\n")
    tool = migration_tool(tmp_path, "alembic:alembic.ini")
    assert tool is not None
    with pytest.raises(SchemaError, match="made no table in the test's database"):
        tool(empty_database)


@pytest.mark.parametrize(
    ("item", "watched", "beside"),
    [
        ("sqlalchemy:shop.models:tables", "shop__other", "tests__test_shop"),
        ("sqlalchemy:models:tables", "models", "other"),
        ("alembic:alembic.ini", "scripts__versions__0001", "shop__models"),
        ("django:site_settings", "reviews__migrations__0002", "reviews__models"),
        ("django:site_settings", "site_settings", "node_modules__x__migrations__0001"),
    ],
)
def test_what_makes_the_schema_anew(tmp_path: Path, item: str, watched: str, beside: str) -> None:
    """A change of what the tool reads does, a change of anything else does not."""
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/scripts\n")
    put(tmp_path, shop__models=MODELS, models=MODELS)
    first = digest(tmp_path, item)
    put(tmp_path, **{beside: "n = 1"})
    assert digest(tmp_path, item) == first
    put(tmp_path, **{watched: "n = 2"})
    assert digest(tmp_path, item) != first


@pytest.mark.parametrize("item", ["sqlalchemy:shop.models", "alembic:missing.ini", "django:"])
def test_items_that_say_too_little(tmp_path: Path, item: str) -> None:
    """The message shows one that says enough."""
    with pytest.raises(SchemaError, match=f"write it like this: {item.partition(':')[0]}:"):
        find_sources(tmp_path, (item,))


def test_other_items_are_none_of_theirs(tmp_path: Path) -> None:
    """A function of a module stays one."""
    assert migration_tool(tmp_path, "shop_schema:indexes") is None


def test_where_other_clients_connect(empty_database: psycopg.Connection) -> None:
    """The URL leads to the same database, and Django's settings are made of it."""
    url = connection_url(empty_database)
    with psycopg.connect(url) as other:
        assert one_value(other, "select current_database()") == empty_database.info.dbname
    settings = django_database(url)
    assert (settings["NAME"], settings["USER"]) == (empty_database.info.dbname, empty_database.info.user)
    assert django_database("postgresql://u:p%40@/d%20b?host=/run/pg&port=5433") == {
        "NAME": "d b",
        "USER": "u",
        "PASSWORD": "p@",
        "HOST": "/run/pg",
        "PORT": "5433",
        "OPTIONS": {},
    }
