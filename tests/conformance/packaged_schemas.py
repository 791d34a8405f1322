"""Large real schemas that come inside packages, written down as SQL files."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MUSICBRAINZ_FILES = (
    "Extensions",
    "CreateCollations",
    "CreateSearchConfiguration",
    "CreateTypes",
    "CreateTables",
    "CreatePrimaryKeys",
    "CreateFunctions",
    "CreateIndexes",
    "CreateFKConstraints",
    "CreateConstraints",
    "CreateViews",
    "CreateTriggers",
    "CreateSearchIndexes",
)
"""In the order in which a new server of theirs runs them, per schema."""

MUSICBRAINZ_SCHEMAS = (
    ("musicbrainz", ""),
    ("cover_art_archive", "caa"),
    ("event_art_archive", "eaa"),
)
"""Each with its folder; those of the website's own statistics and documents are more of the same."""

_SETS_PATH = re.compile(r"^\s*SET search_path\b.*$", re.IGNORECASE | re.MULTILINE)


def musicbrainz(folder: Path) -> Path:
    """Write the database of MusicBrainz as one file, and return it: plain migrations of a superuser.

    Args:
        folder: where it is written.
    """
    root = files("mbdata") / "sql"
    texts = [f"create schema {schema};" for schema, _ in MUSICBRAINZ_SCHEMAS]
    for schema, below in MUSICBRAINZ_SCHEMAS:
        place = root / below if below else root
        for name in MUSICBRAINZ_FILES:
            found = place / f"{name}.sql"
            if found.is_file():
                text = found.read_text(encoding="utf-8")
                path = "" if _SETS_PATH.search(text) else f"set search_path = {schema}, public;\n"
                texts.append(path + text)
    written = folder / "musicbrainz.sql"
    written.write_text("\n".join(texts), encoding="utf-8")
    return written


def omop(folder: Path) -> Path:
    """Write the tables of the OMOP Common Data Model 5.4, as SQLAlchemy makes them, and return the file.

    Args:
        folder: where it is written.
    """
    from sqlalchemy import create_mock_engine
    from sqlalchemy.schema import CreateSchema

    metadata = import_module("omop_cdm.regular.cdm54").Base.metadata  # has no types
    texts: list[str] = []
    engine: Any = create_mock_engine(
        "postgresql+psycopg://", lambda sql, *_, **__: texts.append(f"{sql.compile(dialect=engine.dialect)};")
    )
    for schema in sorted({table.schema for table in metadata.tables.values() if table.schema}):
        engine.execute(CreateSchema(schema))
    metadata.create_all(engine, checkfirst=False)
    written = folder / "omop.sql"
    written.write_text("\n".join(texts), encoding="utf-8")
    return written
