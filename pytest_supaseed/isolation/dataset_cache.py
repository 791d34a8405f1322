"""What is kept on a server between runs, seen from outside of a run: listed, pruned, cleared."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.isolation.template_pruning import PruneRules, drop_template, prune_templates
from pytest_supaseed.isolation.template_registry import ListedTemplate, ensure_registry, list_templates
from pytest_supaseed.server.databases import (
    REGISTRY,
    KeptDatabase,
    begin_run,
    connect_registry,
    drop_database,
    drop_leftovers,
    list_databases,
    list_kept,
    maintenance_connection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class ServerCache:
    """What is kept on a server, or was dropped there.

    Args:
        templates: schemas and datasets, the least recently used ones first.
        kept: databases of failed tests.
        leftovers: databases of runs that are no more.
    """

    templates: tuple[ListedTemplate, ...] = ()
    kept: tuple[KeptDatabase, ...] = ()
    leftovers: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """What templates and kept databases take."""
        return sum(one.bytes for one in self.templates) + sum(one.bytes for one in self.kept)

    def summary(self, done: str) -> str:
        """Say in a line what was `done` to all of it."""
        counts = {"datasets and schemas": self.templates, "kept": self.kept, "of dead runs": self.leftovers}
        counted = ", ".join(f"{len(what)} {name}" for name, what in counts.items() if what)
        return f"{done}: {counted or 'nothing'}" + (
            f", {self.bytes / (1 << 20):,.0f} MiB" if self.bytes else ""
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "bytes": self.bytes,
            "templates": [one.to_json() for one in self.templates],
            "kept": [asdict(one) for one in self.kept],
            "leftovers": list(self.leftovers),
        }


def list_cache(endpoint: Endpoint) -> ServerCache:
    """Return what is kept on a server."""
    with _registry(endpoint) as registry:
        return ServerCache() if registry is None else _listed(registry)


def prune_cache(endpoint: Endpoint, rules: PruneRules, *, kept: bool) -> tuple[ServerCache, ServerCache]:
    """Drop what dead runs left, and templates that are too many; return what was dropped, and what is left.

    Args:
        endpoint: the server.
        rules: which templates may stay; those of live runs stay in any case.
        kept: whether the databases of failed tests go too.
    """
    with _registry(endpoint) as registry:
        if registry is None:
            return ServerCache(), ServerCache()
        leftovers = drop_leftovers(registry, own=begin_run(registry))
        templates = prune_templates(registry, rules)
        dropped = ServerCache(tuple(templates), _drop_kept(registry) if kept else (), tuple(leftovers))
        return dropped, _listed(registry)


def clear_cache(endpoint: Endpoint) -> tuple[ServerCache, ServerCache]:
    """Drop all that no live run uses; return what was dropped, and what was left.

    The registry itself stays: other runs may be connected to it.
    """
    with _registry(endpoint) as registry:
        if registry is None:
            return ServerCache(), ServerCache()
        leftovers = drop_leftovers(registry, own=begin_run(registry))
        templates = [one for one in list_templates(registry) if drop_template(registry, one.name, one.oid)]
        dropped = ServerCache(tuple(templates), _drop_kept(registry), tuple(leftovers))
        return dropped, _listed(registry)


def _listed(registry: psycopg.Connection) -> ServerCache:
    return ServerCache(tuple(list_templates(registry)), tuple(list_kept(registry)))


def _drop_kept(registry: psycopg.Connection) -> tuple[KeptDatabase, ...]:
    found = tuple(list_kept(registry))
    for one in found:
        drop_database(registry, one.name)
    return found


@contextmanager
def _registry(endpoint: Endpoint) -> Iterator[psycopg.Connection | None]:
    """A connection to the registry; None where the server has none: nothing of ours was ever there."""
    with maintenance_connection(endpoint) as connection:
        is_there = REGISTRY in list_databases(connection)
    if not is_there:
        yield None
        return
    with connect_registry(endpoint) as registry:
        ensure_registry(registry)
        yield registry
