"""Columns that can hold only a few values: booleans, enums, value lists in CHECKs, short codes, small ranges.

Read from the text that `pg_get_expr` prints, which is regular. What is not recognised counts as unbounded.
"""

from __future__ import annotations

import re
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Column, Table, Type

CODE_CHARACTERS = ascii_uppercase + digits
SHORT_CODE = 3
"""Codes of at most this many characters are counted out; longer ones never run out in practice."""
WIDEST_RANGE = 100_000
_WHOLE = frozenset({"int2", "int4", "int8"})
_TEXT = frozenset({"text", "varchar", "bpchar", "citext", "name"})
_LITERAL = r"""(?:'(?P<text>(?:[^']|'')*)'|\(?(?P<number>-?\d+(?:\.\d+)?)\)?|(?P<flag>true|false))"""
_LITERALS = re.compile(rf"{_LITERAL}(?:::[\w \"\.]+(?:\(\d+\))?)?")
_CAST = re.compile(
    r"::(?:[\w\.]+|\"[^\"]+\")(?: varying| without time zone| with time zone)?(?:\(\d+\))?(?:\[\])?"
)


def finite_values(table: Table, column: Column) -> tuple[object, ...] | None:
    """All values that a column may hold beside NULL, in a fixed order; None where they are too many."""
    base = allowed_values(table, column)
    return _codes(column) if base is None else base


def allowed_values(table: Table, column: Column) -> tuple[object, ...] | None:
    """As `finite_values`, short codes left out: only what the type or a check lists."""
    base = _of_type(column.type)
    texts = _texts(table, column)
    lists = [found for text, name in texts if (found := _listed(text, name, column.type.storage)) is not None]
    for allowed in lists:
        base = allowed if base is None else tuple(value for value in base if value in allowed)
    return _whole_range(texts, column) if base is None else base


def _of_type(kind: Type) -> tuple[object, ...] | None:
    storage = kind.storage
    if storage.kind is TypeKind.ENUM:
        return storage.labels
    return (False, True) if storage.name == "bool" and storage.schema == "pg_catalog" else None


def _domain_checks(kind: Type) -> Iterator[str]:
    found: Type | None = kind
    while found is not None:
        yield from (check.expression for check in found.checks)
        found = found.base


def _listed(text: str, name: str, storage: Type) -> tuple[object, ...] | None:
    """The values of `name = ANY (ARRAY[...])`, of `name = 'x'`, of several joined by OR, or of a flag."""
    bare = without_casts(text)
    column = _column(name)
    if storage.name == "bool" and re.fullmatch(rf"{column}(?: IS TRUE)?\)*", bare):
        return (True,)
    if storage.name == "bool" and re.fullmatch(rf"\(*NOT {column}", bare):
        return (False,)
    one = rf"\(*{column} = {_anonymous(_LITERAL)}\)*"
    if re.fullmatch(rf"\(*{one}(?: OR {one})*\)*", bare) or re.fullmatch(
        rf"\(*{column} = ANY \(+ARRAY\[[^\[\]]*\]\)+", bare
    ):
        place = bare.index("=")
        values = (_value(match, storage) for match in _LITERALS.finditer(_names_out(bare[place:], column)))
        return tuple(dict.fromkeys(value for value in values if value is not None)) or None
    return None


def _column(name: str) -> str:
    """A pattern of a column's name as `pg_get_expr` prints it, in parentheses or not."""
    quoted = re.escape('"' + name.replace('"', '""') + '"')
    return rf"\(*(?:{quoted}|{re.escape(name)})\)*"


def _names_out(text: str, column: str) -> str:
    return re.sub(rf"(?<=OR ){column} = ", "", text)


def _anonymous(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


def without_casts(text: str) -> str:
    """An expression without its type casts; inside quotes nothing is touched."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(part if part.startswith("'") else _CAST.sub("", part) for part in parts)


def _value(match: re.Match[str], storage: Type) -> object | None:
    text = match["text"]
    if storage.name == "bool":
        return {"true": True, "false": False}.get(str(match["flag"] or text))
    if storage.name in _WHOLE:
        found = match["number"] or text
        return int(found) if found is not None and re.fullmatch(r"-?\d+", found) else None
    if storage.name in _TEXT or storage.kind is TypeKind.ENUM:
        return text.replace("''", "'") if text is not None else None
    return None


def whole_bounds(table: Table, column: Column) -> tuple[int | None, int | None]:
    """The least and the largest whole number that checks of the column alone allow; None where none says."""
    return _bounds(_texts(table, column))


def _texts(table: Table, column: Column) -> list[tuple[str, str]]:
    """The checks of a column alone, each with the name that the column has in it."""
    own = [check for check in table.checks if check.enforced and check.columns == (column.name,)]
    texts = [(check.expression, column.name) for check in own]
    return texts + [(text, "VALUE") for text in _domain_checks(column.type)]


def _bounds(texts: list[tuple[str, str]]) -> tuple[int | None, int | None]:
    lows: list[int] = []
    highs: list[int] = []
    for text, name in texts:
        bare = without_casts(text)
        if " OR " in bare or "CASE" in bare:
            continue
        side = rf"(?<![\w\"]){_column(name)} (>=|>|<=|<) \(?(-?\d+)\)?(?![\d.])"
        for match in re.finditer(side, bare):
            bound, operator = int(match[2]), match[1]
            (lows if ">" in operator else highs).append(bound + {">": 1, "<": -1}.get(operator, 0))
    return max(lows, default=None), min(highs, default=None)


def _whole_range(texts: list[tuple[str, str]], column: Column) -> tuple[object, ...] | None:
    """The whole numbers between two bounds that checks set, where these are close together."""
    low, high = _bounds(texts)
    if column.type.storage.name not in _WHOLE or low is None or high is None or high - low > WIDEST_RANGE:
        return None
    return tuple(range(low, high + 1))


def _codes(column: Column) -> tuple[object, ...] | None:
    """Codes of one to three characters, for `char(n)` and `varchar(n)`: from A to 999."""
    from itertools import product

    if column.type.storage.name not in {"varchar", "bpchar"}:
        return None
    modifier = max(column.modifier, column.type.base_modifier)
    length = modifier - 4
    if modifier < 0 or length > SHORT_CODE:
        return None
    return tuple("".join(code) for code in product(CODE_CHARACTERS, repeat=length))
