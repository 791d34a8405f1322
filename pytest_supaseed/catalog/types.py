"""Builds types out of their records, each once, the ones that they are made of first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pytest_supaseed.catalog.model import Check, Type, TypeField, TypeKind
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable

Record = dict[str, Any]

_KINDS = {
    "b": TypeKind.BASE,
    "c": TypeKind.COMPOSITE,
    "d": TypeKind.DOMAIN,
    "e": TypeKind.ENUM,
    "m": TypeKind.MULTIRANGE,
    "p": TypeKind.PSEUDO,
    "r": TypeKind.RANGE,
}


class TypeBook:
    """The types that a catalog needs, by OID, built when first asked for.

    Postgres refuses a type that contains itself, directly or through others, so building ends.

    Args:
        types: records of `types.sql`.
        attributes: records of `attributes.sql`.
        constraints: records of `constraints.sql`; those of domains are picked out.
    """

    def __init__(
        self, types: Iterable[Record], attributes: Iterable[Record], constraints: Iterable[Record]
    ) -> None:
        self._records = {record["oid"]: record for record in types}
        self._built: dict[int, Type] = {}
        self._attributes: defaultdict[int, list[Record]] = defaultdict(list)
        self._checks: defaultdict[int, list[Check]] = defaultdict(list)
        for record in attributes:
            self._attributes[record["table_oid"]].append(record)
        for record in constraints:
            if record["type_oid"]:
                self._checks[record["type_oid"]].append(_domain_check(record))

    def get(self, oid: int) -> Type:
        """Return the type of an OID.

        Raises:
            CatalogError: there is none; the catalog changed while it was read.
        """
        if oid not in self._built:
            record = self._records.get(oid)
            if record is None:
                raise CatalogError(
                    f"The type with OID {oid} is used by a column and cannot be found in pg_type.",
                    remedies=["run again: another session changed the schema while it was read"],
                )
            self._built[oid] = self._build(record)
        return self._built[oid]

    def _build(self, record: Record) -> Type:
        element = record["element"]
        return Type(
            oid=record["oid"],
            schema=record["schema"],
            name=record["name"],
            kind=TypeKind.ARRAY if element else _KINDS[record["kind"]],
            labels=tuple(record["labels"]),
            base=self.get(record["base"]) if record["base"] else None,
            base_modifier=record["base_modifier"],
            element=self.get(element) if element else None,
            subtype=self.get(record["subtype"]) if record["subtype"] else None,
            attributes=tuple(map(self._field, self._attributes.get(record["row_of"], []))),
            checks=tuple(self._checks.get(record["oid"], [])),
            not_null=record["not_null"],
            default=record["default"],
        )

    def _field(self, record: Record) -> TypeField:
        return TypeField(
            record["name"], self.get(record["type_oid"]), record["formatted_type"], record["modifier"]
        )


def _domain_check(record: Record) -> Check:
    return Check(record["oid"], record["name"], record["expression"], validated=record["validated"])
