"""Which templates are dropped when there are too many, and dropping them, never against a live run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import tuple_row

from pytest_supaseed.isolation.template_registry import ListedTemplate, list_templates
from pytest_supaseed.isolation.template_uses import unused_template
from pytest_supaseed.server.databases import database_lock, drop_database, try_database_lock, unmark_template

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    import psycopg


@dataclass(frozen=True)
class PruneRules:
    """What may stay.

    Args:
        limit: bytes of all templates together; None for no limit.
        used_since: those that no run has asked for since go in any case; None spares them.
    """

    limit: int | None = None
    used_since: datetime | None = None


def next_superfluous(
    templates: Sequence[ListedTemplate], rules: PruneRules, spared: Collection[int]
) -> ListedTemplate | None:
    """Return the template that is to go first; None where all may stay.

    First those that no run can use, then those that nobody has asked for, then the least recently used ones.
    A schema stays as long as a dataset that was made from it: the dataset's tables have the OIDs that the
    schema's catalog speaks of, so that it would be worth nothing without it.

    Args:
        templates: all that are there, the least recently used ones first.
        rules: what may stay.
        spared: OIDs of those that cannot be dropped.
    """
    sources = {one.made_from for one in templates if one.is_valid and one.made_from is not None}
    free = [one for one in templates if one.oid not in spared and not one.in_use]
    for one in free:
        if not one.is_valid:
            return one
    total = sum(one.bytes for one in templates)
    for one in free:
        if one.name in sources:
            continue
        if _is_forgotten(one, rules.used_since) or (rules.limit is not None and total > rules.limit):
            return one
    return None


def _is_forgotten(template: ListedTemplate, used_since: datetime | None) -> bool:
    return used_since is not None and template.used_at is not None and template.used_at < used_since


def prune_templates(registry: psycopg.Connection, rules: PruneRules) -> list[ListedTemplate]:
    """Drop the templates that are too many, one pruner at a time; return them.

    Args:
        registry: a connection to the registry, in autocommit mode.
        rules: what may stay; what a live run uses stays in any case.
    """
    dropped: list[ListedTemplate] = []
    with database_lock(registry, "prune"):
        templates, spared = list_templates(registry), set[int]()
        while (one := next_superfluous(templates, rules, spared)) is not None:
            if drop_template(registry, one.name, one.oid):
                templates.remove(one)
                dropped.append(one)
            else:
                spared.add(one.oid)
    return dropped


def drop_template(registry: psycopg.Connection, name: str, oid: int) -> bool:
    """Drop a template that nobody uses, and what is written down of it; return whether it was dropped.

    Args:
        registry: a connection to the registry, in autocommit mode.
        name: the database.
        oid: its OID: by now the name may be another one's, which stays.
    """
    with unused_template(registry, oid) as unused, try_database_lock(registry, name) as unmade:
        if not unused or not unmade or not _is_still(registry, name, oid):
            return False
        registry.execute("delete from public.template where name = %s", (name,))
        unmark_template(registry, name)
        drop_database(registry, name)
        return True


def _is_still(registry: psycopg.Connection, name: str, oid: int) -> bool:
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select oid::int8 from pg_catalog.pg_database where datname = %s", (name,)
        ).fetchone()
    return row == (oid,)
