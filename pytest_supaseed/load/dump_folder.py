"""A dump as a folder of CSV files, one for each table, and a list of them in the order of loading."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from psycopg import sql

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.load.dumped_tables import Dump, DumpedTable

LIST = "tables.json"
"""The list: of each table its file, columns and rows, and of each sequence its last number."""
_PLAIN = " ()+,;=@[]^_`{}~!#$&'-"
"""What a file's name may hold besides letters, digits and dots, on every system."""
NAME_LENGTH = 200
"""Characters of a file's name: systems allow 255 bytes."""


@dataclass(frozen=True)
class WrittenTable:
    """A file of a table's rows.

    Args:
        table: the table, qualified.
        file: the file's name.
        columns: the columns, as in the file's first line.
        rows: how many rows it has.
    """

    table: str
    file: str
    columns: tuple[str, ...]
    rows: int


def write_folder(dump: Dump, folder: Path) -> tuple[WrittenTable, ...]:
    """Write the files of a dump; NULL is an empty field, and an empty text is quoted.

    Args:
        dump: what is dumped.
        folder: an empty folder.

    Raises:
        OSError: a file cannot be written.
    """
    written = tuple(_written(dump, one, folder, number) for number, one in enumerate(dump.tables))
    sequences = [
        {"sequence": f"{schema}.{name}", "last_value": last, "is_called": called}
        for schema, name, last, called in dump.sequences
    ]
    tables = [
        {"table": one.table, "file": one.file, "columns": list(one.columns), "rows": one.rows}
        for one in written
    ]
    text = json.dumps({"title": dump.title, "tables": tables, "sequences": sequences}, indent=2)
    (folder / LIST).write_text(f"{text}\n", encoding="utf-8")
    return written


def _written(dump: Dump, one: DumpedTable, folder: Path, number: int) -> WrittenTable:
    columns = sql.SQL(", ").join(sql.Identifier("t", name) for name in one.columns)
    query = sql.SQL("copy (select {}{}) to stdout (format csv, header)").format(columns, one.source)
    name = file_name(one.table.qualified, number)
    with (
        (folder / name).open("xb") as file,
        dump.connection.cursor() as cursor,
        cursor.copy(query) as copy,
    ):
        rows = sum(file.write(piece) > 0 for piece in copy)
    return WrittenTable(one.table.qualified, name, one.columns, rows - 1)


def file_name(table: str, number: int) -> str:
    """Return a table's file name: its own where every system allows that, with the rest in percent signs.

    Args:
        table: the table's name.
        number: its place in the dump, which tells names apart that are cut, or differ in case alone.
    """
    return f"{number:03}.{quote(table, safe=_PLAIN)[:NAME_LENGTH].rstrip('. %')}.csv"
