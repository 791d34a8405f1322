"""Why Postgres refused a row, in words that a report can keep: reason, constraint, sample row, remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.errors import MappingError, SupaseedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table

SAMPLE_WIDTH = 200
"""Characters of a sample row: the columns that the constraint names come first and fit."""
VALUE_WIDTH = 40
"""Characters of one value in a sample."""
_SECRET = re.compile(
    r"pass(?:word|wd|phrase|code)?|secret|token|hash|salt|credential|(?:api|private)_?key|otp", re.IGNORECASE
)
_IN_FUNCTION = ("PL/", "SQL function")
_FUNCTION = re.compile(r"^PL/\w+ function (?:\"?\w+\"?\.)?\"?(\w+)\"?\(", re.MULTILINE)
_NOT_THE_ROWS = frozenset({"08", "25", "53", "57", "58"})
"""Classes of errors: connection, state of the transaction, resources, cancelled by timeout, the system."""
_SHOWS_THE_ROW = (psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation)
"""Errors whose detail is the whole row, secrets included: the sample takes its place."""


@dataclass(frozen=True)
class Refusal:
    """One refused row: Postgres's message, the constraint, the row shortened, what would help."""

    reason: str
    constraint: str = ""
    sample: str = ""
    remedy: str = ""
    functions: tuple[str, ...] = ()
    """The functions that were running when it was refused, the innermost first."""
    columns: tuple[str, ...] = ()
    """The columns that the error is about, as far as Postgres says."""


@dataclass
class Refusals:
    """The refused rows of a part: how many, and the first one for the report."""

    table: Table
    columns: Sequence[str]
    count: int = 0
    first: Refusal | None = None

    def add(self, row: Sequence[object], error: Exception) -> None:
        """Count a refused row."""
        self.count += 1
        self.explain(row, error)

    def explain(self, row: Sequence[object], error: Exception) -> None:
        """Keep a reason, where none is kept yet, without counting a row."""
        if self.first is None:
            self.first = refused(error, self.table, self.columns, row)


def holds_secret(column: str) -> bool:
    """Whether a column is called as those are that hold passwords, tokens or keys: it is shown to nobody."""
    return _SECRET.search(column) is not None


def concerns_rows(error: psycopg.Error) -> bool:
    """Whether other rows may be taken: it is not the connection, a timeout or the server that failed."""
    if error.sqlstate is None:
        return not isinstance(error, psycopg.OperationalError)
    return error.sqlstate[:2] not in _NOT_THE_ROWS


def refused(
    error: Exception, table: Table, columns: Sequence[str] = (), row: Sequence[object] = ()
) -> Refusal:
    """Describe an error that a row, or a whole table, met.

    Args:
        error: what Postgres, or our own code, said.
        table: the table that the row was for.
        columns: the columns that the row's values belong to.
        row: the row; empty where no single one is known.
    """
    name = (error.diag.constraint_name or "") if isinstance(error, psycopg.Error) else ""
    first = _columns_of(table, name) or _named_column(error)
    sample = _sample(columns, row, first)
    remedy = _remedy(error, table, first)
    return Refusal(reason_of(error), name, sample, remedy, running_functions(error), first)


def running_functions(error: Exception) -> tuple[str, ...]:
    """The names of the functions that were running when an error was raised, the innermost first."""
    context = error.diag.context if isinstance(error, psycopg.Error) else None
    return tuple(_FUNCTION.findall(context or ""))


def refused_columns(table: Table, error: Exception) -> tuple[str, ...]:
    """The columns that an error of Postgres is about, as far as it says."""
    name = (error.diag.constraint_name or "") if isinstance(error, psycopg.Error) else ""
    return _columns_of(table, name) or _named_column(error)


def reason_of(error: Exception) -> str:
    """One line: Postgres's message with its detail and where it was raised, or our own summary."""
    if isinstance(error, SupaseedError):
        return error.summary
    if not isinstance(error, psycopg.Error):
        return f"its rows could not be made: {type(error).__name__}: {error}"
    found = error.diag
    shows_row = isinstance(error, _SHOWS_THE_ROW) and (found.constraint_name or found.column_name)
    detail = None if shows_row else found.message_detail
    return " | ".join(filter(None, [found.message_primary or str(error), detail, _place(found.context)]))


def violated_key(error: psycopg.Error, table: Table) -> ForeignKey | None:
    """The table's foreign key whose parent is missing; None where it is another error, or another table's."""
    if not isinstance(error, psycopg.errors.ForeignKeyViolation):
        return None
    name = error.diag.constraint_name
    return next((key for key in table.foreign_keys if key.name == name), None)


def _place(context: str | None) -> str:
    """The function that raised: it names a trigger or check better than the line of COPY does; else that."""
    return _function_in(context) or _shortened((context or "").split("\n")[-1], SAMPLE_WIDTH)


def _function_in(context: str | None) -> str:
    return next((line for line in (context or "").split("\n") if line.startswith(_IN_FUNCTION)), "")


def _columns_of(table: Table, constraint: str) -> tuple[str, ...]:
    """The columns that a constraint of the table is about."""
    if not constraint:
        return ()
    named: list[tuple[str, tuple[str | None, ...]]] = [
        *((check.name, check.columns) for check in table.checks),
        *((key.name, key.columns) for key in table.unique_keys),
        *((key.name, key.columns) for key in table.foreign_keys),
        *((exclusion.name, exclusion.columns) for exclusion in table.exclusions),
    ]
    found = next((columns for name, columns in named if name == constraint), ())
    return tuple(name for name in found if name is not None)


def _named_column(error: Exception) -> tuple[str, ...]:
    name = error.diag.column_name if isinstance(error, psycopg.Error) else None
    return (name,) if name else ()


def _sample(columns: Sequence[str], row: Sequence[object], first: Sequence[str]) -> str:
    shown = dict(zip(columns, row, strict=True)) if row else {}
    ordered = sorted(shown, key=lambda name: name not in first)
    texts = [f"{name}={_shown(name, shown[name])}" for name in ordered]
    return _shortened(", ".join(texts), SAMPLE_WIDTH)


def _shown(column: str, value: object) -> str:
    return "***" if holds_secret(column) and value is not None else _shortened(_text(value), VALUE_WIDTH)


def _text(value: object) -> str:
    return repr(value) if isinstance(value, str | bytes) else str(value)


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _remedy(error: Exception, table: Table, columns: Sequence[str]) -> str:
    """The line of configuration that is the likeliest to help."""
    empty = f'rows = {{ "{table.qualified}" = 0 }} under [tool.supaseed] leaves the table empty'
    context = error.diag.context if isinstance(error, psycopg.Error) else None
    if isinstance(error, MappingError) and error.remedies:
        return f"{error.remedies[0]}; {empty}"
    if table.triggers and _function_in(context):
        return f'triggers = "skip" under [tool.supaseed] loads without triggers; {empty}'
    if isinstance(error, psycopg.IntegrityError | psycopg.DataError):
        names = f" declares {', '.join(columns)}" if columns else " makes rows that are allowed"
        return f'a TableFactory with Meta.table = "{table.qualified}" that{names}; {empty}'
    return empty
