"""Schemas made by hypothesis: tables of any types, tied by keys and checks that some row can satisfy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

TYPES = (
    "smallint", "integer", "bigint", "numeric", "numeric(6, 2)", "real", "double precision", "boolean",
    "text", "varchar(5)", "char(3)", "bytea", "date", "time", "timestamp", "timestamptz", "interval",
    "uuid", "json", "jsonb", "inet", "bit(4)", "int4range", "daterange", "text[]", "integer[]",
    "point", "mood", "code",
)  # fmt: skip
"""Types that a column may have: built in, or made by the prelude."""

UNIQUE_TYPES = (
    "integer",
    "bigint",
    "numeric",
    "text",
    "varchar(5)",
    "date",
    "timestamptz",
    "uuid",
    "code",
    "mood",
)
"""Those of a unique column: with a B-tree order, and few values among them."""

CHECKS = {
    "smallint": ("{0} between 10 and 20", "{0} <> 0", "{0} in (1, 2, 3)", "{0} % 2 = 0"),
    "integer": ("{0} > 1000", "{0} >= 0 and {0} < 50", "{0} = any (array[7, 8])", "not ({0} < 5)"),
    "bigint": ("{0} > 5000000000", "{0} <= -1"),
    "numeric(6, 2)": ("{0} > 0", "{0} between 0.25 and 0.75"),
    "double precision": ("{0} >= -90 and {0} <= 90",),
    "text": (
        "length({0}) between 2 and 4",
        "{0} ~ '^[a-z]{{3}}-[0-9]+$'",
        "{0} like 'no %'",
        "{0} in ('a', 'b')",
        "{0} <> ''",
        "{0} = lower({0})",
    ),
    "varchar(5)": ("{0} ~ '^[A-Z]+$'", "length({0}) > 1"),
    "date": ("{0} > '2020-05-05'", "{0} between '2024-02-28' and '2024-03-01'"),
    "timestamptz": ("{0} <= now()", "{0} >= '2021-01-01'"),
    "jsonb": ("jsonb_typeof({0}) = 'object'", "jsonb_typeof({0}) = 'array'"),
    "text[]": ("cardinality({0}) between 1 and 2",),
    "int4range": ("not isempty({0})",),
}
"""Checks of one column by its type: each leaves values enough for a row, not always for a unique one."""

PRELUDE = (
    "create type mood as enum ('glad', 'it''s fine', 'sad');",
    "create domain code as text check (value ~ '^[A-Z]{2}[0-9]{2}$');",
)


@dataclass(frozen=True)
class GeneratedColumn:
    """A column, and what is said of it."""

    name: str
    type: str
    words: str

    @property
    def quoted(self) -> str:
        """Its name as SQL takes it."""
        return f'"{self.name}"'

    @property
    def line(self) -> str:
        """Its line in CREATE TABLE."""
        return f"{self.quoted} {self.type}{self.words}"

    @property
    def is_free(self) -> bool:
        """Whether nothing is said of it: then what ties it to another column leaves rows enough."""
        return not self.words


TIES = (
    "check (({0} is null) = ({1} is null))",
    "check (num_nonnulls({0}, {1}) = 1)",
    "check (({0} is null) <> ({1} is null))",
    "check ({0} is not null or {1} is not null)",
    "unique ({0}, {1})",
    "unique nulls not distinct ({0}, {1})",
)
"""What may tie two columns together, about which nothing else is said."""

ORDERED_TYPES = ("integer", "bigint", "numeric", "date", "timestamptz", "double precision")
"""Types of which one column may have to be smaller than another."""


@st.composite
def _columns(draw: DrawFn) -> list[GeneratedColumn]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(TYPES))
        name = draw(st.sampled_from(("c", "email", "Ünï", "order", "a b", 'q"', "%s", "created_at", "price")))
        name = f"{name}{number}".replace('"', '""')
        words = " not null" if draw(st.booleans()) else ""
        if kind in UNIQUE_TYPES and draw(st.integers(0, 3)) == 0:
            words += " unique"
        elif kind in CHECKS and draw(st.booleans()):
            check = draw(st.sampled_from(CHECKS[kind]))
            quoted = f'"{name}"'
            words += f" check ({check.format(quoted)})"
        found.append(GeneratedColumn(name, kind, words))
    return found


def _ties(draw: DrawFn, columns: list[GeneratedColumn]) -> list[str]:
    """Constraints over two columns, each column in one of them at the most."""
    found = []
    free = [column for column in columns if column.is_free and column.type in UNIQUE_TYPES]
    while len(free) > 1 and draw(st.booleans()):
        first, second = free.pop(), free.pop()
        ordered = first.type == second.type and first.type in ORDERED_TYPES
        tie = "check ({0} <= {1})" if ordered else draw(st.sampled_from(TIES))
        found.append(tie.format(first.quoted, second.quoted))
    return found


def _indexes(draw: DrawFn, number: int, columns: list[GeneratedColumn]) -> list[str]:
    """A unique index over an expression, or one that speaks of some rows only, or none."""
    texts = [column for column in columns if column.type == "text" and column.is_free]
    whole = [column for column in columns if column.type == "integer" and column.is_free]
    found = []
    if draw(st.booleans()) and texts:
        found.append(f"create unique index on t{number} (lower({texts[0].quoted}));")
    if draw(st.booleans()) and whole:
        condition = draw(st.sampled_from(("is not null", "> 3", "= 7")))
        found.append(f"create unique index on t{number} ({whole[0].quoted}) where id {condition};")
    return found


def _table(draw: DrawFn, number: int) -> list[str]:
    columns = draw(_columns())
    lines = ["id integer generated by default as identity primary key", *(column.line for column in columns)]
    if columns[0].type == "integer" and draw(st.booleans()):
        lines.append(f"twice bigint generated always as ({columns[0].quoted}::bigint * 2) stored")
    lines += _ties(draw, columns)
    return [f"create table t{number} ({', '.join(lines)});", *_indexes(draw, number, columns)]


@st.composite
def _references(draw: DrawFn, tables: int) -> list[str]:
    """Foreign keys: to earlier tables of any kind, to itself and to later ones nullable, so circles too."""
    found = []
    for number in range(draw(st.integers(0, 2 * tables))):
        child, parent = draw(st.integers(0, tables - 1)), draw(st.integers(0, tables - 1))
        words = draw(st.sampled_from(("", " not null", " unique"))) if parent < child else ""
        found.append(f"alter table t{child} add column r{number} integer{words} references t{parent};")
    return found


@st.composite
def _pairs(draw: DrawFn, tables: int) -> list[str]:
    """A table whose primary key is the pair of two others, or none."""
    if draw(st.booleans()):
        return []
    left, right = draw(st.integers(0, tables - 1)), draw(st.integers(0, tables - 1))
    columns = f"a integer references t{left}, b integer references t{right}"
    return [f"create table pairs ({columns}, primary key (a, b));"]


@st.composite
def _schema(draw: DrawFn) -> str:
    tables = draw(st.integers(1, 4))
    statements = [statement for number in range(tables) for statement in _table(draw, number)]
    return "\n".join([*PRELUDE, *statements, *draw(_references(tables)), *draw(_pairs(tables))])


def schemas() -> SearchStrategy[str]:
    """SQL of schemas that Postgres takes, and that hold rows in every table."""
    return _schema()
