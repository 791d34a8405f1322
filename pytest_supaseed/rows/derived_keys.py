"""Declarations for the foreign keys of a table, derived from the catalog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.finite_columns import allowed_values
from pytest_supaseed.rows.foreign_keys import NULL_SHARE, Reference, one_to_one
from pytest_supaseed.rows.key_families import KeyFamily, Member
from pytest_supaseed.rows.self_references import SelfReference
from pytest_supaseed.rows.table_addresses import TableAddress

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.rows.uniqueness import Combined, Distinctness


@dataclass(frozen=True)
class TableKeys:
    """The foreign keys of a table as they are filled.

    Args:
        families: keys to other tables; those that share columns stand together.
        to_self: keys to the table itself.
        constant: columns that stay NULL, because a cut key is filled later.
        in_step: OIDs of keys whose row *i* refers to row *i* of the target.
    """

    families: tuple[tuple[ForeignKey, ...], ...]
    to_self: tuple[ForeignKey, ...]
    constant: frozenset[str]
    in_step: frozenset[int] = frozenset()

    @property
    def columns(self) -> set[str]:
        """All columns that these keys fill."""
        keys = [*self.to_self, *(key for family in self.families for key in family)]
        return {name for key in keys for name in key.columns} | self.constant


def keys_of(
    table: Table,
    cut: Collection[int],
    mutual: Mapping[int, Collection[str]] | None = None,
) -> TableKeys:
    """Return the keys of a table that rows have to satisfy.

    Args:
        table: the table.
        cut: OIDs of keys that stay NULL.
        mutual: by the OID of a key, its columns that the target takes from us; see `mutual_columns`.
    """
    enforced = [key for key in table.foreign_keys if key.enforced]
    writable = [
        _without(key, (mutual or {}).get(key.oid, ()))
        for key in enforced
        if all(table.by_name[name].generated is None for name in key.columns)
    ]
    constant: set[str] = set()
    for key in writable:
        if key.oid in cut:
            others = [other for other in writable if other.oid not in cut]
            constant.update(_cleared(table, key, others))
    kept = [key for key in writable if key.oid not in cut and not constant & set(key.columns)]
    leaving = [key for key in kept if key.target_oid != table.oid]
    to_self = [
        key for key in kept if key.target_oid == table.oid and set(key.columns) != set(key.target_columns)
    ]
    return TableKeys(_families(leaving), tuple(to_self), frozenset(constant), frozenset(mutual or ()))


def _without(key: ForeignKey, ours: Collection[str]) -> ForeignKey:
    """A key without the columns that the target takes from us, unless these are all."""
    pairs = [pair for pair in zip(key.columns, key.target_columns, strict=True) if pair[0] not in ours]
    if not pairs:
        return key
    return replace(
        key, columns=tuple(mine for mine, _ in pairs), target_columns=tuple(theirs for _, theirs in pairs)
    )


def _families(keys: Iterable[ForeignKey]) -> tuple[tuple[ForeignKey, ...], ...]:
    """Keys that share a column, directly or by others between them, together; repeated keys once."""
    families: list[list[ForeignKey]] = []
    seen: set[tuple[object, ...]] = set()
    for key in keys:
        same = (key.target_oid, frozenset(zip(key.columns, key.target_columns, strict=True)))
        if same in seen:
            continue
        seen.add(same)
        near = [family for family in families if any(set(key.columns) & set(one.columns) for one in family)]
        families = [family for family in families if family not in near]
        families.append([*(one for family in near for one in family), key])
    return tuple(tuple(family) for family in families)


def _cleared(table: Table, key: ForeignKey, others: Iterable[ForeignKey]) -> tuple[str, ...]:
    """The columns that are set to NULL for a row without the key's parent; none where it needs one."""
    nullable = [name for name in key.columns if not rejects_null(table, name)]
    if key.match_full:
        return tuple(nullable) if len(nullable) == len(key.columns) else ()
    used = {name for other in others if other.oid != key.oid for name in other.columns}
    return tuple(name for name in nullable if name not in used) or tuple(nullable)


def reference_declaration(  # noqa: PLR0913  # one argument for each thing that decides about a key
    table: Table,
    keys: TableKeys,
    number: int,
    distinct: Distinctness,
    combined: Combined | None,
    *,
    dealt: ForeignKey | None = None,
) -> tuple[Reference | KeyFamily, tuple[str, ...]]:
    """Return what fills a family of keys, and the columns of its tuples, in their order.

    Args:
        table: the table.
        keys: all keys of the table.
        number: the family's number.
        distinct: how the table's rows are told apart.
        combined: the unique key that the family takes part in, if there is one.
        dealt: the key of the family by which rows are dealt to parents, if there is one.
    """
    family = keys.families[number]
    if len(family) == 1 and len(family[0].columns) == 1 and not _allowed(table, family[0]):
        member = _member(table, keys, family, family[0], distinct)
        reference = Reference(
            member.target,
            member.target_columns,
            nullable=bool(member.clears),
            null_share=member.null_share,
            label=member.columns[0],
            index=one_to_one if family[0].oid in keys.in_step else None,
        )
        return reference, member.columns
    numbered = combined.keys[number] if combined is not None else ()
    ordered = _in_order(table, family, numbered, dealt)
    members = [_member(table, keys, family, key, distinct) for key in ordered]
    if dealt is not None:
        members = [_bound_to(dealt, member) for member in members]
    counted = len(numbered) + (1 if numbered and dealt is not None and dealt not in numbered else 0)
    found = KeyFamily(members, numbered=counted, distinct=combined.names if combined else ())
    return found, found.columns


def dealt_key(family: Iterable[ForeignKey], key: ForeignKey) -> ForeignKey | None:
    """The key of a family that refers to the same rows by the same columns as `key`."""
    pairs = set(zip(key.columns, key.target_columns, strict=True))
    return next(
        (
            own
            for own in family
            if own.target_oid == key.target_oid
            and set(zip(own.columns, own.target_columns, strict=True)) == pairs
        ),
        None,
    )


def _bound_to(dealt: ForeignKey, member: Member) -> Member:
    """A member that leaves the columns alone by which rows are dealt: these never become NULL."""
    if set(member.clears) & set(dealt.columns):
        return replace(member, clears=(), null_share=0.0)
    return member


def _member(
    table: Table, keys: TableKeys, family: Sequence[ForeignKey], key: ForeignKey, distinct: Distinctness
) -> Member:
    clears = _cleared(table, key, family)
    if set(clears) & distinct.never_null:
        clears = ()
    checked = {name for check in table.checks for name in check.columns}
    is_only_link = len(keys.families) + len(keys.to_self) == 1 and len(family) == 1
    is_free = not is_only_link and not set(key.columns) & (distinct.mentioned | checked)
    share = NULL_SHARE if clears and is_free else 0.0
    return Member(
        TableAddress.of_target(key),
        key.columns,
        key.target_columns,
        clears,
        share,
        _allowed(table, key),
    )


def _allowed(table: Table, key: ForeignKey) -> dict[str, frozenset[object]]:
    """The values that checks allow in the key's columns; enums and booleans without a check leave it open."""
    found = {}
    for name in key.columns:
        column = table.by_name[name]
        listed = allowed_values(table, column)
        whole = column.type.storage.labels or ((False, True) if column.type.storage.name == "bool" else ())
        if listed is not None and set(listed) != set(whole):
            found[name] = frozenset(listed)
    return found


def mutual_columns(table: Table, target: Table, key: ForeignKey) -> frozenset[str]:
    """Our columns of a key that the target takes from us by a key of its own: each needs the other's row.

    Row by row the two belong together: the first one of ours and the first one of theirs.
    """
    back = {
        (theirs, mine)
        for other in target.foreign_keys
        if other.target_oid == table.oid and other.enforced and target.oid != table.oid
        for theirs, mine in zip(other.columns, other.target_columns, strict=True)
    }
    pairs = zip(key.columns, key.target_columns, strict=True)
    return frozenset(mine for mine, theirs in pairs if (theirs, mine) in back)


def belongs_to_one(table: Table, other: Table) -> bool:
    """Whether each row of a table refers to a row of another one that no other row of it refers to."""
    unique = [set(key.columns) for key in table.unique_keys if key.is_plain]
    return any(
        key.enforced and any(columns <= set(key.columns) for columns in unique)
        for key in table.foreign_keys
        if key.target_oid == other.oid
    )


def wanted_values(table: Table, others: Iterable[Table]) -> dict[str, tuple[object, ...]]:
    """The values that checks of other tables allow in columns that refer to this one, by our column."""
    found: dict[str, dict[object, None]] = {}
    for other in others:
        for key in other.foreign_keys:
            if key.target_oid == table.oid and key.enforced:
                allowed = _allowed(other, key)
                for name, target in zip(key.columns, key.target_columns, strict=True):
                    found.setdefault(target, {}).update(dict.fromkeys(sorted(allowed.get(name, ()), key=str)))
    return {name: tuple(values) for name, values in found.items() if values}


def _in_order(
    table: Table,
    family: Sequence[ForeignKey],
    numbered: Sequence[ForeignKey],
    dealt: ForeignKey | None = None,
) -> list[ForeignKey]:
    """The order of choosing: a key first with which each other one shares all that it shares with any."""
    needed = [key for key in family if not _cleared(table, key, family)]
    among = [dealt] if dealt is not None else numbered or needed or family
    first = max(among, key=lambda key: (_is_centre(key, family), len(key.columns)))
    rest = [key for key in family if key is not first]
    rest.sort(key=lambda key: (key not in numbered, key not in needed, -len(key.columns)))
    return [first, *rest]


def _is_centre(centre: ForeignKey, family: Sequence[ForeignKey]) -> bool:
    others = [key for key in family if key is not centre]
    return all(
        set(one.columns) & set(other.columns) <= set(centre.columns)
        for one in others
        for other in others
        if one is not other
    )


def self_reference(  # noqa: PLR0913  # one argument for each thing that decides about a key
    table: Table,
    key: ForeignKey,
    taken: Collection[str],
    *,
    unique: bool,
    never_null: Collection[str],
    stored: Sequence[tuple[object, ...]] = (),
) -> tuple[SelfReference, tuple[tuple[str, int], ...]] | None:
    """Return what fills a key to the table itself: the declaration, and (column, place) of what it fills.

    None where other keys or values fix all of its columns.

    Args:
        table: the table.
        key: the key.
        taken: columns that others fill.
        unique: whether no two rows may have the same parent.
        never_null: columns that hold no NULL.
        stored: key values of rows that were there before.
    """
    pairs = list(zip(key.columns, key.target_columns, strict=True))
    shared = tuple((mine, theirs) for mine, theirs in pairs if mine in taken or mine == theirs)
    own = tuple(
        (mine, place) for place, (mine, _) in enumerate(pairs) if (mine, pairs[place][1]) not in shared
    )
    if not own:
        return None
    free = [not rejects_null(table, mine) and mine not in never_null for mine, _ in own]
    nullable = all(free) and (not key.match_full or not shared)
    found = SelfReference(key.target_columns, shared=shared, nullable=nullable, unique=unique, stored=stored)
    return found, own
