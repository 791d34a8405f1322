"""The SQL that lies in files of its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_statement(name: str) -> bytes:
    """Return the SQL of a file in `queries`, by its name without `.sql`."""
    return files("pytest_supaseed.isolation").joinpath("queries", f"{name}.sql").read_bytes()
