"""References that a factory declares: its rows are never without a parent where there is one."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.rows.checked_columns import Checked
from pytest_supaseed.rows.declarations import PartOf
from pytest_supaseed.rows.foreign_keys import Reference
from pytest_supaseed.rows.key_families import KeyFamily

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.catalog.model import ForeignKey
    from pytest_supaseed.rows.chunk import Producer


def never_without_parents(producers: dict[str, Producer], keys: Iterable[ForeignKey]) -> None:
    """Give each row a parent by these keys, where the derivation would leave some of them NULL.

    Args:
        producers: what fills each field; changed in place.
        keys: the keys that a factory's fields stand for.
    """
    for key in keys:
        for source in {_source(producers.get(name), name) for name in key.columns} - {None}:
            found = producers.get(str(source))
            if isinstance(found, Reference) and found.null_share:
                sure = copy(found)
                sure.null_share = 0.0
                producers[str(source)] = sure
            elif isinstance(found, KeyFamily):
                producers[str(source)] = _family(found, key)


def _family(family: KeyFamily, key: ForeignKey) -> KeyFamily:
    found = copy(family)
    found.members = tuple(
        replace(member, null_share=0.0) if set(member.columns) <= set(key.columns) else member
        for member in family.members
    )
    return found


def _source(producer: Producer | None, column: str) -> str | None:
    """The field that a column is a part of, be it that checks put it right."""
    if isinstance(producer, Checked):
        producer = producer.group.bases[column]
    return producer.source if isinstance(producer, PartOf) else None
