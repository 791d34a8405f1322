"""Takes chance out of texts in rows that triggers made: ids, tokens, user names that a function drew.

What such a value looks like is read from the values themselves: what is the same in each row stays, the rest
becomes digits and letters that follow from the seed, the table and the row's place.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.new_rows import is_new
from pytest_supaseed.rows.values import TEXT_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pytest_supaseed.catalog.model import Catalog, Column, Table
    from pytest_supaseed.load.seeding import Seeding

CHANCE = re.compile(r"\b(?:random|gen_random_uuid|gen_random_bytes|uuid_generate_v\d\w*)\b", re.IGNORECASE)
FEWEST = 4
"""Rows at the least: in fewer, what is the same in all of them may be so by chance."""
VARYING = 6
"""Places that differ, at the least: sixteen million values, of which a table's rows hardly meet two."""
_CALLS = re.compile(r'(\w+)"?\s*\(')
_DEPTH = 3
"""Functions inside functions that are looked into for chance."""
_INSERT_INTO = (
    r'\binsert\s+into\s+(?:"?\w+"?\s*\.\s*)?"?{}"?\s*(?:\((?P<columns>[^()]*)\)\s*)?(?:values\s*\(|select\b)'
)


def random_texts(run: Seeding, table: Table, written: Collection[str]) -> list[str]:
    """The text columns of a table in which chance may stand: by their default, or by triggers that insert."""
    drawn = _columns_drawn(run.catalog, table)
    texts = [column for column in table.columns if _is_text(column) and column.name not in written]
    return [
        column.name
        for column in texts
        if column.name in drawn or _draws(run.catalog, column.default or column.type.default or "", _DEPTH)
    ]


def settle_texts(
    run: Seeding, table: Table, name: str, order: sql.Composable, ours: Collection[str] = ()
) -> bool:
    """Settle the new values of a column and what refers to them by foreign keys; False where that is no help.

    Args:
        run: the seeding.
        table: the column's table.
        name: the column.
        order: the order of rows that every run agrees on.
        ours: values that we wrote, which stay.

    Raises:
        psycopg.Error: a constraint refuses the values that were made.
    """
    values = [value for value in _new_values(run, table, name, order) if value not in ours]
    makers = _shape(values)
    if makers is None:
        return False
    address = f"{run.plan.seed}:{table.qualified}:{name}:{len(run.settled)}"
    made = [_made(makers, f"{address}:{number}") for number in range(len(values))]
    run.connection.execute("set local role none")
    run.connection.execute("set local session_replication_role = replica")
    for other, column in _linked(run.catalog, table, name):
        run.connection.execute(
            _APPLIED.format(
                table=sql.Identifier(other.schema, other.name),
                column=sql.Identifier(column),
                old=sql.Placeholder("old"),
                new=sql.Placeholder("new"),
            ),
            {"old": values, "new": made},
        )
    return True


_APPLIED = sql.SQL(
    "update {table} as target set {column} = mapped.new"
    " from unnest({old}::text[], {new}::text[]) as mapped (old, new) where target.{column}::text = mapped.old"
)


def _is_text(column: Column) -> bool:
    return column.type.storage.name in TEXT_TYPES and column.generated is None


def _draws(catalog: Catalog, expression: str, depth: int) -> bool:
    """Whether an expression draws from chance, by itself or in a function of the schema that it calls."""
    if CHANCE.search(expression):
        return True
    called = set(_CALLS.findall(expression)) if depth else set()
    return any(
        function.name in called and _draws(catalog, function.source, depth - 1)
        for function in catalog.functions
    )


def _columns_drawn(catalog: Catalog, table: Table) -> set[str]:
    """The columns into which trigger functions insert what they draw from chance."""
    inserts = re.compile(_INSERT_INTO.format(re.escape(table.name)), re.IGNORECASE | re.DOTALL)
    found: set[str] = set()
    for function in catalog.functions:
        if function.returns != "trigger" or not CHANCE.search(function.source):
            continue
        for match in inserts.finditer(function.source):
            values = _parts(function.source[match.end() :])
            listed = match["columns"] or ",".join(table.by_name)
            names = [name.strip().strip('"') for name in listed.split(",")]
            pairs = zip(names, values, strict=False)
            found.update(name for name, value in pairs if _is_drawn(value, function.source))
    return found


def _parts(text: str) -> list[str]:
    """What stands between commas, up to the parenthesis that closes the list."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            break
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _is_drawn(value: str, source: str) -> bool:
    """Whether a value draws from chance, or is a variable that holds what was drawn."""
    if CHANCE.search(value):
        return True
    if not re.fullmatch(r"\w+", value):
        return False
    statements = [part for part in source.split(";") if CHANCE.search(part)]
    holds = re.compile(rf"\b{value}\b[^;]*?(?:=|\bdefault\b)|\binto\s+(?:strict\s+)?{value}\b", re.IGNORECASE)
    return any(holds.search(statement) for statement in statements)


def _new_values(run: Seeding, table: Table, name: str, order: sql.Composable) -> list[str]:
    statement = sql.SQL(
        "select {column}::text from {table} where {new} and {column} is not null order by {order}"
    ).format(
        column=sql.Identifier(name),
        table=sql.Identifier(table.schema, table.name),
        new=is_new(run),
        order=order,
    )
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        return [value for (value,) in cursor.execute(statement)]


def _shape(values: Sequence[str]) -> list[str] | None:
    """For each place the characters that may stand there; None where the values look like no tokens."""
    if len(values) < FEWEST or len(set(values)) < len(values) or len(set(map(len, values))) > 1:
        return None
    places = [set(column) for column in zip(*values, strict=True)]
    varying = set().union(*(place for place in places if len(place) > 1))
    alphabet = _alphabet(varying)
    makers = [alphabet if len(place) > 1 else next(iter(place)) for place in places]
    return makers if alphabet and sum(len(maker) > 1 for maker in makers) >= VARYING else None


def _alphabet(seen: set[str]) -> str:
    """Characters that a token of its kind may hold; none where what was seen reads like words."""
    if seen <= set("0123456789"):
        return "0123456789"
    if not seen & set("0123456789"):
        return ""
    return "0123456789ABCDEF" if not any(map(str.islower, seen)) else "0123456789abcdef"


def _made(makers: Sequence[str], address: str) -> str:
    drawn = hashlib.shake_128(address.encode()).digest(len(makers))
    return "".join(maker[byte % len(maker)] for maker, byte in zip(makers, drawn, strict=True))


def _linked(catalog: Catalog, table: Table, name: str) -> Iterator[tuple[Table, str]]:
    """The column, and all that foreign keys tie to it: to its values, or to those that it refers to."""
    ties: dict[tuple[int, str], set[tuple[int, str]]] = {}
    for other in catalog.tables:
        for key in other.foreign_keys:
            for mine, theirs in zip(key.columns, key.target_columns, strict=True):
                ties.setdefault((other.oid, mine), set()).add((key.target_oid, theirs))
                ties.setdefault((key.target_oid, theirs), set()).add((other.oid, mine))
    waiting, seen = deque([(table.oid, name)]), {(table.oid, name)}
    while waiting:
        at = waiting.popleft()
        if (found := catalog.by_oid.get(at[0])) is not None and not found.is_partition:
            yield found, at[1]
        new = ties.get(at, set()) - seen
        seen |= new
        waiting.extend(sorted(new))
