"""Factories derived from the catalog: for tables without one, and for the columns that one leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.finite_columns import finite_values
from pytest_supaseed.rows.checked_columns import with_checks
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.combinations import Beyond, Combinations
from pytest_supaseed.rows.declarations import Constant, OneOf, PartOf
from pytest_supaseed.rows.derived_keys import (
    TableKeys,
    dealt_key,
    keys_of,
    reference_declaration,
    self_reference,
)
from pytest_supaseed.rows.exclusions import exclusive_slots
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.listed import Listed, OutsideIndex
from pytest_supaseed.rows.numbering import numbered
from pytest_supaseed.rows.told_apart import told_apart
from pytest_supaseed.rows.uniqueness import Combined, Distinctness, tell_apart
from pytest_supaseed.rows.values import WHOLE_TYPES, present_declaration, value_declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.deals import Deal
    from pytest_supaseed.rows.predicates import Escape

_VOLATILE = re.compile(
    r"\b(?:now|clock_timestamp|timezone|statement_timestamp|transaction_timestamp|random|nextval|gen_random_uuid|"
    r"uuid_generate_v\d\w*|gen_random_bytes|uid|CURRENT_(?:TIMESTAMP|DATE|TIME|USER)|LOCALTIME(?:STAMP)?|"
    r"SESSION_USER|current_setting|txid_current|pg_current_xact_id|inet_client_addr)\b"
    # What the schema's own functions give is not known: `public.random_string(26)`, not `::public.vector(3)`.
    r"""|(?<![:\w".])(?!pg_catalog\.)(?:"[^"]+"|\w+)\.(?:"[^"]+"|\w+)\(""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Derivation:
    """What a derivation needs beside the table itself.

    Args:
        cut: OIDs of the foreign keys that stay NULL, because they close a circle.
        first_numbers: the first free number of whole-number key columns, where rows exist already.
        wanted: values that tables which refer to this one need to find in it, by column.
        mutual: columns of our keys that their targets take from us, by the key's OID.
        deal: deals the rows to a parent table, where a number for each parent was asked for.
        stored: by the OID of a key to the table itself, key values of rows that were there before.
    """

    cut: Collection[int]
    first_numbers: Mapping[str, int]
    wanted: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    mutual: Mapping[int, Collection[str]] = field(default_factory=dict)
    deal: Deal | None = None
    stored: Mapping[int, Sequence[tuple[object, ...]]] = field(default_factory=dict)


@dataclass
class _Draft:
    """A table's declarations while they are gathered; foreign keys come first."""

    table: Table
    derivation: Derivation
    keys: TableKeys
    distinct: Distinctness
    declarations: dict[str, object] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)

    def name(self, number: int) -> str:
        """A field name that no column has."""
        found = f"reference_{number}"
        while found in self.table.by_name:
            found += "_"
        return found


def is_volatile(column: Column) -> bool:
    """Whether a column's default may give another value each time: the clock, chance, a sequence, a call."""
    return column.default is not None and bool(_VOLATILE.search(column.default))


def derive_factory(table: Table, derivation: Derivation) -> type[TableFactory]:
    """Return a factory_boy class that fills every column of a table that has to be filled, and more.

    Raises:
        PlanError: never here; a column of a type that we know no value of is left out, and Postgres judges.
    """
    declarations = derive_declarations(table, derivation)
    meta = type("Meta", (), {"table": table.qualified})
    name = "".join(word.capitalize() for word in re.split(r"\W|_", table.name) if word) + "Factory"
    return cast("type[TableFactory]", type(name, (TableFactory,), {**declarations, "Meta": meta}))


def derive_declarations(table: Table, derivation: Derivation) -> dict[str, object]:
    """Return a declaration for each column of a table that we fill, foreign keys first."""
    keys = keys_of(table, derivation.cut, derivation.mutual)
    distinct = tell_apart(
        table, keys.families, keys.to_self, keys.constant, interlock=derivation.deal is None
    )
    draft = _Draft(table, derivation, keys, distinct)
    combinations = _combinations(distinct)
    draft.declarations.update(dict.fromkeys(keys.constant, Constant(None)))
    _add_references(draft, combinations)
    _add_self_references(draft)
    _add_distinct(draft, combinations)
    for column in table.columns:
        if column.name not in draft.declarations and column.generated is None:
            found = _column_declaration(draft, column)
            if found is not None:
                draft.declarations[column.name] = found
    for combined, chosen in combinations:
        _add_way_out(draft, combined, chosen)
    return with_checks(table, draft.declarations, draft.fixed)


def _combinations(distinct: Distinctness) -> list[tuple[Combined, Combinations]]:
    """The combinations of each key; keys that share parts share them."""
    groups: dict[int, Combinations] = {}
    found = []
    for combined in distinct.combined:
        known = groups.setdefault(combined.group, Combinations(combined.beyond))
        found.append((combined, known))
    for combined, known in found:
        if sum(other is known for _combined, other in found) > 1:
            known.lock(combined.every.keys())
    return found


def _add_references(draft: _Draft, combinations: list[tuple[Combined, Combinations]]) -> None:
    for number in range(len(draft.keys.families)):
        using = [pair for pair in combinations if number in pair[0].keys]
        combined = using[0][0] if using else None
        deal = draft.derivation.deal
        dealt = None if deal is None else dealt_key(draft.keys.families[number], deal.children.key)
        declaration, columns = reference_declaration(
            draft.table, draft.keys, number, draft.distinct, combined, dealt=dealt
        )
        if using:
            declaration.digit = using[0][1].add(declaration, number)
        if deal is not None and dealt is not None:
            declaration.deal, deal.dealt = deal, declaration
            if using and declaration.digit is not None:
                using[0][1].deal_by(declaration.digit, deal)
        name = draft.name(number)
        draft.declarations[name] = declaration
        for position, column in enumerate(columns):
            draft.declarations[column] = PartOf(name, position)
            draft.fixed.add(column)


def _add_self_references(draft: _Draft) -> None:
    for number, key in enumerate(draft.keys.to_self, len(draft.keys.families)):
        found = self_reference(
            draft.table,
            key,
            draft.declarations,
            unique=key.oid in draft.distinct.chains,
            never_null=draft.distinct.never_null,
            stored=draft.derivation.stored.get(key.oid, ()),
        )
        if found is not None:
            declaration, places = found
            name = draft.name(number)
            draft.declarations[name] = declaration
            for column, place in places:
                draft.declarations[column] = PartOf(name, place)
                draft.fixed.add(column)


def _add_distinct(draft: _Draft, combinations: list[tuple[Combined, Combinations]]) -> None:
    """The columns that unique keys and exclusion constraints decide about."""
    table, distinct = draft.table, draft.distinct
    found: dict[str, object] = {}
    for combined, chosen in combinations:
        for name in combined.columns:
            values = finite_values(table, table.by_name[name]) or ()
            listed = Listed(values, may_be_null=not rejects_null(table, name))
            listed.digit = chosen.add(listed, name)
            found[name] = listed
    for name, unit in distinct.told_apart.items():
        made = told_apart(table, table.by_name[name], unit=unit, first_numbers=draft.derivation.first_numbers)
        if made is not None:
            found[name] = made
    found.update(exclusive_slots(table))
    draft.fixed.update(found.keys() - draft.declarations.keys())
    draft.declarations.update({name: made for name, made in found.items() if name not in draft.declarations})


def _add_way_out(draft: _Draft, combined: Combined, chosen: Combinations) -> None:
    """Rows beyond the last combination stay outside a partial index."""
    if combined.beyond is not Beyond.OUTSIDE:
        return
    for escape in combined.escapes:
        _add_escape(draft, escape, chosen)


def _add_escape(draft: _Draft, escape: Escape, chosen: Combinations) -> None:
    column = draft.table.by_name[escape.column]
    present = present_declaration(draft.table, column)
    inner = draft.declarations.get(escape.column, present)
    outside = present if escape.filled else Constant(escape.value)
    inside = Constant(None) if escape.filled else inner
    if inside is not None and outside is not None:
        draft.declarations[escape.column] = OutsideIndex(producer_of(inside), producer_of(outside), chosen)
        draft.fixed.add(escape.column)


def _column_declaration(draft: _Draft, column: Column) -> object | None:
    has_numbers = column.identity is not None or column.sequence is not None
    if column.type.storage.name in WHOLE_TYPES and has_numbers:
        return numbered(column, draft.derivation.first_numbers)
    wanted = draft.derivation.wanted.get(column.name)
    if wanted and finite_values(draft.table, column) is None:
        return OneOf(wanted)
    in_key = any(column.name in key.columns for key in draft.table.unique_keys)
    # A status that is always its default reads like no real table; others may need the other labels.
    chosen = column.type.storage.kind is TypeKind.ENUM
    if column.default is not None and not is_volatile(column) and not in_key and not chosen:
        return None
    return value_declaration(draft.table, column)
