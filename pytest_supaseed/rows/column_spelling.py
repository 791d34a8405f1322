"""A column's derivation in the words of factory_boy, where these make rows that are valid just as well.

What they cannot say, such as values that have to pass a check over several columns, is left to the derivation
itself. Values that are spelled are plainer than derived ones: those of a row do not agree with each other.
"""

from __future__ import annotations

import json
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.check_domains import Role, column_facts
from pytest_supaseed.rows.check_expressions import And, Cast, Compare, Constant, walk
from pytest_supaseed.rows.check_expressions import Column as ColumnNode
from pytest_supaseed.rows.check_solving import Solver
from pytest_supaseed.rows.checked_columns import allowed_values
from pytest_supaseed.rows.choices import ORDINARY_STATUSES, STATUSES
from pytest_supaseed.rows.column_reading import read_column
from pytest_supaseed.rows.domains import slot_of, text_length
from pytest_supaseed.rows.number_values import WHOLE_TYPES, magnitude_in, scale_of
from pytest_supaseed.rows.values import TEXT_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.checked_columns import TableCheck

MOST_LISTED = 12
"""Values of a column that are listed; more would be no pleasure to read."""
NUMBER_ROOM = 10
"""Characters that a row's number may take."""
_SHORTEST_TEXT = 20
_SPAN = 1000
"""Numbers above the least one, where a check names no largest."""
_FAKER: dict[str, tuple[str, int]] = {
    "first_name": ('"first_name"', 15),
    "middle_name": ('"first_name"', 15),
    "nickname": ('"first_name"', 15),
    "last_name": ('"last_name"', 20),
    "full_name": ('"name"', 40),
    "display_name": ('"name"', 40),
    "company": ('"company"', 50),
    "city": ('"city"', 40),
    "street": ('"street_address"', 50),
    "postcode": ('"postcode"', 5),
    "country_code": ('"country_code"', 2),
    "region": ('"state"', 20),
    "job_title": ('"job"', 80),
    "colour_name": ('"safe_color_name"', 10),
    "colour": ('"hex_color"', 7),
    "time_zone": ('"timezone"', 40),
    "user_agent": ('"user_agent"', 255),
    "currency": ('"currency_code"', 3),
    "word": ('"word"', 20),
    "paragraph": ('"paragraph"', 600),
    "bio": ('"paragraph"', 600),
    "message": ('"paragraph"', 600),
    "sentence": ('"sentence"', 160),
    "phone": ('"numerify", text="+1-202-555-01##"', 15),
}
"""By meaning: the provider of Faker, and the characters that it gives at the most."""
_NUMBERED: dict[str, tuple[str, str]] = {
    "email": ("user", "@example.com"),
    "company_email": ("office", "@example.com"),
    "url": ("https://example.com/", ""),
    "webhook_url": ("https://example.com/hooks/", ""),
    "company_website": ("https://company", ".example"),
    "image file_url": ("https://example.com/image", ".png"),
    "file file_url": ("https://example.com/file", ".pdf"),
    "username": ("user", ""),
}
"""By meaning: what stands before and after a row's number."""
_SIMPLE = (And, Compare, Constant, Cast, ColumnNode)
_RANGES = frozenset({"<", "<=", ">", ">="})


def spell_free(table: Table, column: Column, checks: Sequence[TableCheck]) -> str | None:
    """The declaration of a column that stands alone in its row; None where there is no plain one.

    Args:
        table: the table.
        column: the column.
        checks: the checks that read the column.
    """
    kind = column.type.storage
    if kind.kind is TypeKind.ENUM and not checks:
        return _listed(kind.labels)
    if kind.name == "bpchar" or (kind.schema != "pg_catalog" and kind.name != "citext"):
        return None
    if checks:
        return _checked(table, column, checks)
    if kind.name in TEXT_TYPES:
        return _text(table, column)
    if kind.name in {*WHOLE_TYPES, "numeric"}:
        return _number(column, None)
    return _BY_TYPE.get(kind.name)


_BY_TYPE = {
    "bool": 'factory.Faker("boolean")',
    "uuid": 'factory.Faker("uuid4", cast_to=None)',
    "date": 'factory.Faker("date_between_dates", date_start=date(2025, 1, 1), date_end=date(2025, 12, 31))',
}


def spell_distinct(table: Table, column: Column) -> str | None:
    """The declaration of a column whose values all differ, by the row's number; None where there is none."""
    kind, length = column.type.storage, text_length(column)
    if (
        kind.name not in TEXT_TYPES - {"bpchar"}
        or column.type.kind is TypeKind.DOMAIN
        or column.loosely_equal
    ):
        return None
    before, after = _NUMBERED.get(_meaning(table, column), (f"{_ascii(column.name)}-", ""))
    if length is not None and length < len(before) + len(after) + NUMBER_ROOM:
        return None
    return f'factory.Sequence(lambda n: f"{before}{{n + 1}}{after}")'


def _meaning(table: Table, column: Column) -> str:
    siblings = frozenset(other.name for other in table.columns) - {column.name}
    found = read_column(table.name, column.name, column.comment, siblings)
    return found.meaning if found else ""


def _ascii(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum()) or "row"


def _text(table: Table, column: Column) -> str | None:
    meaning, length = _meaning(table, column), text_length(column)
    if meaning in _NUMBERED:
        return spell_distinct(table, column)
    if meaning in _FAKER:
        arguments, longest = _FAKER[meaning]
        return f"factory.Faker({arguments})" if length is None or length >= longest else None
    if meaning == "status" or meaning.removeprefix("status ") in STATUSES:
        words = STATUSES.get(meaning.removeprefix("status "), ORDINARY_STATUSES)
        fitting = [word for word in dict.fromkeys(words) if length is None or len(word) <= length]
        return _listed(fitting)
    if meaning.startswith("title ") and (length is None or length >= _SHORTEST_TEXT):
        return f'factory.Faker("text", max_nb_chars={min(length or 60, 60)})'
    return None


def _checked(table: Table, column: Column, checks: Sequence[TableCheck]) -> str | None:
    """What the checks leave, where they speak of this column alone and say it plainly."""
    if any(check.columns != {column.name} for check in checks):
        return None
    allowed = allowed_values(table, column.name)
    if allowed is not None and not isinstance(allowed, range):
        return _listed(allowed)
    return _bounded(table, column, checks)


def _bounded(table: Table, column: Column, checks: Sequence[TableCheck]) -> str | None:
    """A number between the bounds that comparisons with constants set."""
    nodes = [node for check in checks for node in walk(check.expression)]
    plain = all(isinstance(node, _SIMPLE) for node in nodes) and all(
        node.operator in _RANGES for node in nodes if isinstance(node, Compare)
    )
    if not plain or column.type.storage.name not in {*WHOLE_TYPES, "numeric"}:
        return None
    facts = column_facts(table, column, Role.FREE)
    return _number(column, Solver({column.name: facts}, [check.expression for check in checks]))


def _number(column: Column, solver: Solver | None) -> str | None:
    """A number of the size that the column's name lets one expect, in steps of its last decimal."""
    slot = slot_of(column)
    place, expected = scale_of(slot), magnitude_in(slot)
    if place.scale < 0:
        return None
    decimals = min(max(expected.decimals, 0), place.scale)
    step = 10**decimals
    most = place.units // 10 ** (place.scale - decimals)
    low, high = _span(
        (max(ceil(expected.low * step), -most), min(floor(expected.high * step), most)),
        _bounds(solver, column.name, step),
        most,
    )
    if high < low or not all(_passes(solver, column.name, end, step) for end in (low, high)):
        return None
    if column.type.storage.name in WHOLE_TYPES:
        return f'factory.Faker("pyint", min_value={low}, max_value={high})'
    divided = f" / {step}" if step > 1 else ""
    return f"factory.LazyFunction(lambda: Decimal(randint({low}, {high})){divided})"


def _span(expected: tuple[int, int], bounds: tuple[int | None, int | None], most: int) -> tuple[int, int]:
    """The expected numbers that lie within the bounds; those next to the bounds where none does."""
    least, largest = bounds
    low = expected[0] if least is None else max(expected[0], least)
    high = expected[1] if largest is None else min(expected[1], largest)
    if low < high:
        return low, high
    low = least if least is not None else (largest or 0) - _SPAN
    return max(low, -most), min(largest if largest is not None else low + _SPAN, most)


def _bounds(solver: Solver | None, name: str, step: int) -> tuple[int | None, int | None]:
    """The least and the largest number that checks allow, in steps; None where there is none."""
    if solver is None:
        return None, None
    domain = solver.static_domain(name)
    low = None if domain.low is None else ceil(domain.low * step) + int(domain.low_open)
    high = None if domain.high is None else floor(domain.high * step) - int(domain.high_open)
    return low, high


def _passes(solver: Solver | None, name: str, number: int, step: int) -> bool:
    return solver is None or solver.passes({name: number if step == 1 else Decimal(number) / step})


def _listed(values: Sequence[object]) -> str | None:
    """The values in turn; None where they are too many, or of a class that is not written down plainly."""
    if not 0 < len(values) <= MOST_LISTED or not all(isinstance(value, str | int) for value in values):
        return None
    listed = ", ".join(json.dumps(one) if isinstance(one, str) else repr(one) for one in values)
    return f"factory.Iterator([{listed}])"
