"""Puts a table together from the records that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.catalog.model import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Numbering,
    Policy,
    Table,
    TableKind,
    Trigger,
    UniqueKey,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.types import TypeBook

Record = dict[str, Any]

_TABLE_KINDS = {
    "r": TableKind.TABLE,
    "p": TableKind.PARTITIONED,
    "v": TableKind.VIEW,
    "m": TableKind.MATERIALIZED_VIEW,
    "f": TableKind.FOREIGN,
}
_IDENTITY = {"a": "always", "d": "by default"}
_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_ENABLED = {"O": "origin", "D": "disabled", "R": "replica", "A": "always"}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE, _INSTEAD = (1 << bit for bit in range(7))
"""The bits of `pg_trigger.tgtype` (`src/include/catalog/pg_trigger.h`)."""


def assemble_table(record: Record, types: TypeBook, belongings: Mapping[str, list[Record]]) -> Table:
    """Return the table of a record of `tables.sql`.

    Args:
        record: the relation's own record.
        types: where column types come from.
        belongings: records of `columns`, `constraints`, `unique_keys`, `triggers` and `policies`.
    """
    constraints = belongings["constraints"]
    own = {key: value for key, value in record.items() if key not in {"kind", "inherits", "parent_oids"}}
    return Table(
        **own,
        kind=_TABLE_KINDS[record["kind"]],
        inherits=tuple(record["inherits"]),
        parent_oids=tuple(record["parent_oids"]),
        columns=tuple(_column(found, types) for found in belongings["columns"]),
        unique_keys=tuple(map(_unique_key, belongings["unique_keys"])),
        foreign_keys=tuple(_foreign_key(found) for found in constraints if found["kind"] == "f"),
        checks=tuple(_check(found) for found in constraints if found["kind"] == "c"),
        exclusions=tuple(_exclusion(found) for found in constraints if found["operators"]),
        triggers=tuple(map(_trigger, belongings["triggers"])),
        policies=tuple(map(_policy, belongings["policies"])),
    )


def _column(record: Record, types: TypeBook) -> Column:
    is_generated = record["generated"] is not None
    return Column(
        number=record["number"],
        name=record["name"],
        type=types.get(record["type_oid"]),
        formatted_type=record["formatted_type"],
        modifier=record["modifier"],
        not_null=record["not_null"],
        default=None if is_generated else record["default"],
        identity=_IDENTITY.get(record["identity"]),
        generated=record["default"] if is_generated else None,
        sequence=record["sequence"],
        numbering=None if record["sequence"] is None else Numbering(*record["numbering"]),
        comment=record["comment"],
        inherited=record["inherited"],
        virtual=record["generated"] == "v",
        collation=record["collation"],
        loosely_equal=record["loosely_equal"],
    )


def _unique_key(record: Record) -> UniqueKey:
    return UniqueKey(
        oid=record["oid"],
        name=record["name"],
        columns=tuple(record["columns"]),
        is_primary=record["is_primary"],
        is_constraint=record["is_constraint"],
        expressions=tuple(record["expressions"]),
        predicate=record["predicate"],
        nulls_not_distinct=record["nulls_not_distinct"],
        deferrable=record["deferrable"],
        without_overlaps=record["without_overlaps"],
    )


def _foreign_key(record: Record) -> ForeignKey:
    return ForeignKey(
        oid=record["oid"],
        name=record["name"],
        columns=tuple(record["columns"]),
        target_oid=record["target_oid"],
        target_schema=record["target_schema"],
        target_table=record["target_table"],
        target_columns=tuple(record["target_columns"]),
        on_delete=_ACTIONS[record["on_delete"]],
        on_update=_ACTIONS[record["on_update"]],
        match_full=record["match_full"],
        deferrable=record["deferrable"],
        initially_deferred=record["initially_deferred"],
        validated=record["validated"],
        enforced=record["enforced"],
        period=record["period"],
    )


def _check(record: Record) -> Check:
    return Check(
        oid=record["oid"],
        name=record["name"],
        expression=record["expression"],
        columns=tuple(name for name in record["columns"] if name is not None),
        validated=record["validated"],
        no_inherit=record["no_inherit"],
        enforced=record["enforced"],
    )


def _exclusion(record: Record) -> Exclusion:
    return Exclusion(
        oid=record["oid"],
        name=record["name"],
        columns=tuple(record["columns"]),
        operators=tuple(record["operators"]),
        definition=record["definition"],
        predicate=record["predicate"],
        deferrable=record["deferrable"],
        expressions=tuple(record["expressions"]),
    )


def _trigger(record: Record) -> Trigger:
    bits = record["type"]
    timing = "before" if bits & _BEFORE else "instead of" if bits & _INSTEAD else "after"
    events = {"insert": _INSERT, "update": _UPDATE, "delete": _DELETE, "truncate": _TRUNCATE}
    return Trigger(
        oid=record["oid"],
        name=record["name"],
        timing=timing,
        events=tuple(name for name, bit in events.items() if bits & bit),
        per_row=bool(bits & _ROW),
        function_schema=record["function_schema"],
        function_name=record["function_name"],
        definition=record["definition"],
        enabled=_ENABLED[record["enabled"]],
        is_constraint=record["is_constraint"],
    )


def _policy(record: Record) -> Policy:
    return Policy(
        oid=record["oid"],
        name=record["name"],
        command=_COMMANDS[record["command"]],
        permissive=record["permissive"],
        roles=tuple(record["roles"]),
        using=record["using"],
        check=record["check"],
    )
