"""Postgres's own types that tables seldom have: text search, paths, object names, transaction numbers.

An object name is one that every server has. Types without an input function, such as `pg_node_tree`, are left
out: no client can write them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.text_values import phrase, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "regclass": ("pg_class", "pg_type", "pg_attribute", "pg_index"),
    "regtype": ("integer", "text", "boolean", "uuid", "numeric"),
    "regproc": ("pg_catalog.version", "pg_catalog.pi", "pg_catalog.now"),
    "regprocedure": ("lower(text)", "upper(text)", "initcap(text)"),
    "regoper": ("pg_catalog.||/", "pg_catalog.|/", "pg_catalog.@?", "pg_catalog.#-"),
    "regoperator": ("+(integer,integer)", "-(integer,integer)", "*(integer,integer)"),
    "regnamespace": ("pg_catalog", "information_schema", "pg_toast"),
    "regrole": ("pg_monitor", "pg_read_all_stats", "pg_signal_backend"),
    "regconfig": ("english", "german", "french", "simple"),
    "regdictionary": ("simple", "english_stem", "german_stem"),
    "regcollation": ('"C"', '"POSIX"', '"default"'),
    "aclitem": ("pg_monitor=r/pg_monitor", "pg_monitor=rw/pg_monitor", "=r/pg_monitor"),
}
_JSON_PATHS = ("$", "$.settings.theme", "$.items[*].price", "$.tags[0]", "$.items[*] ? (@.quantity > 1)")
_MEGABYTE = 2**20


def _lexemes(draws: Draws) -> str:
    found = sorted({word(draws) for _ in range(draws.between(3, 6))})
    return " ".join(f"'{lexeme}':{position}" for position, lexeme in enumerate(found, start=1))


def _query(draws: Draws) -> str:
    return f"'{word(draws)}' {draws.pick('&|')} '{word(draws)}'"


def _document(draws: Draws) -> str:
    return f"<note><title>{phrase(draws)}</title><tag>{word(draws)}</tag></note>"


def _number(most: int) -> Drawer:
    return lambda draws: str(draws.between(1, most))


def _snapshot(draws: Draws) -> str:
    first = draws.between(1000, 100_000)
    return f"{first}:{first + draws.between(2, 9)}:{first}"


def _numbers(draws: Draws) -> str:
    return " ".join(str(draws.between(1, 99)) for _ in range(draws.between(1, 4)))


def _object(name: str) -> Callable[[Slot], Drawer]:
    return lambda _slot: lambda draws: draws.pick(_OBJECTS[name])


SYSTEM: Mapping[str, Callable[[Slot], Drawer]] = {
    **{name: _object(name) for name in _OBJECTS},
    "tsvector": lambda _slot: _lexemes,
    "tsquery": lambda _slot: _query,
    "xml": lambda _slot: _document,
    "jsonpath": lambda _slot: lambda draws: draws.pick(_JSON_PATHS),
    "oid": lambda _slot: lambda draws: draws.between(16_384, 99_999),
    "xid": lambda _slot: _number(100_000),
    "xid8": lambda _slot: _number(100_000),
    "cid": lambda _slot: _number(100),
    "tid": lambda _slot: lambda draws: f"({draws.below(1000)},{draws.between(1, 100)})",
    "pg_lsn": lambda _slot: lambda draws: f"{draws.below(16):X}/{draws.between(1, 4095) * _MEGABYTE:X}",
    "pg_snapshot": lambda _slot: _snapshot,
    "txid_snapshot": lambda _slot: _snapshot,
    "int2vector": lambda _slot: _numbers,
    "oidvector": lambda _slot: _numbers,
}
"""Drawers of these types, by the type's name."""
