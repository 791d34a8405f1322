"""Databases of failed tests that are set aside, to be looked into after the run."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.errors import DatasetError
from pytest_supaseed.isolation.open_connections import end_open
from pytest_supaseed.isolation.spare_clones import await_backends
from pytest_supaseed.server.databases import KEPT_PREFIX
from pytest_supaseed.server.memory_tablespace import ClusterEndpoint

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_supaseed.isolation.templates import TemplateStore

MOST_KEPT = 10
"""Databases that a process keeps: a suite that fails from end to end is not to fill the disk."""


class KeptDatabases:
    """The databases that a process sets aside.

    Args:
        store: names the server, and who may rename databases there.
    """

    def __init__(self, store: TemplateStore) -> None:
        self._store = store
        self._names: dict[str, str] = {}
        self.set_aside_names: list[str] = []

    def choose(self, database: str) -> str | None:
        """Choose a database to be kept, and return its name then; None where it is one too many."""
        if database not in self._names and len(self._names) < MOST_KEPT:
            self._names[database] = f"{KEPT_PREFIX}{secrets.token_hex(4)}"
        return self._names.get(database)

    def is_chosen(self, database: str) -> bool:
        """Whether a database is to be kept."""
        return database in self._names

    def set_aside(self, database: str, *, test: str, dataset: str, closing: Collection[int]) -> None:
        """Give a chosen database its name, on the disk, where no run will drop it.

        Args:
            database: its name until now; whoever is connected to it is ended.
            test: whose it was.
            dataset: the template that it was a clone of.
            closing: backends that are about to end.

        Raises:
            DatasetError: it is gone, or cannot be renamed.
        """
        registry, kept = self._store.registry, self._names[database]
        facts = {"test": test, "at": datetime.now(UTC).isoformat(timespec="seconds"), "dataset": dataset}
        before, after = sql.Identifier(database), sql.Identifier(kept)
        try:
            end_open(registry, database, closing)
            await_backends(registry, database)
            registry.execute(sql.SQL("alter database {} rename to {}").format(before, after))
            if isinstance(self._store.endpoint, ClusterEndpoint):  # it may lie in memory, which does not last
                registry.execute(sql.SQL("alter database {} set tablespace pg_default").format(after))
            registry.execute(sql.SQL("comment on database {} is {}").format(after, json.dumps(facts)))
        except psycopg.Error as error:
            raise DatasetError(
                f"The database of {test} could not be kept: {' '.join(str(error).split())}",
                looked_at=[f"database {database}, to be renamed to {kept}"],
                remedies=["if the test dropped or renamed it itself, there is nothing to keep"],
            ) from error
        self.set_aside_names.append(kept)
