"""What tests of `supaseed cache` find on a server."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from psycopg import sql

from pytest_supaseed.cli import main
from pytest_supaseed.isolation.templates import TemplateStore, open_store, template_name
from pytest_supaseed.platform.bootstrap import ensure_roles
from pytest_supaseed.platform.extensions import control_path
from pytest_supaseed.server.clusters import running_cluster
from pytest_supaseed.server.databases import (
    KEPT_PREFIX,
    connect_registry,
    create_database,
    list_databases,
    maintenance_connection,
)
from pytest_supaseed.server.resolve import find_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

SCHEMA, DATASET = template_name("schema"), template_name("dataset")
KEPT = f"{KEPT_PREFIX}0a1b2c3d"
TEST = "tests/test_shop.py::test_total[ü]"


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def supaseed(*arguments: str | Path) -> Said:
    """Run `supaseed cache` in this process."""
    result = CliRunner().invoke(main, ["cache", *map(str, arguments)], catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


def current(cache: Path) -> AbstractContextManager[Endpoint]:
    """The server that a run with a cache folder uses."""
    return running_cluster(
        find_binaries(), cache=cache, storage="auto", control_path=control_path(), on_wait=lambda _: None
    )


def make_templates(store: TemplateStore) -> None:
    """A schema, and a dataset that was made from it."""

    def schema(working: str) -> dict[str, Any]:
        create_database(store.registry, working, owner=store.endpoint.user)
        return {"title": "db/*.sql, 3 files", "owner": store.endpoint.user}

    def dataset(working: str) -> dict[str, Any]:
        store.clone(source, working, lasting=True)
        return {"title": "5 users", "owner": store.endpoint.user}

    source = store.ensure(SCHEMA, schema, on_wait=lambda: None)
    store.ensure(DATASET, dataset, on_wait=lambda: None)


def fill(endpoint: Endpoint) -> None:
    """A schema, a dataset, and a kept database, of runs that have ended."""
    with open_store(endpoint, run="ended") as store:
        ensure_roles(store.registry, owner=endpoint.owner, owner_password=endpoint.owner_password or "")
        make_templates(store)
        create_database(store.registry, KEPT, owner=endpoint.user)
        facts = {"test": TEST, "at": "2026-01-02T03:04:05+00:00", "dataset": DATASET}
        store.registry.execute(
            sql.SQL("comment on database {} is {}").format(sql.Identifier(KEPT), json.dumps(facts))
        )


def ours(endpoint: Endpoint) -> set[str]:
    """Our databases on a server, the registry aside."""
    with maintenance_connection(endpoint) as connection:
        return set(list_databases(connection)) - {"supaseed_registry"}


@contextmanager
def leftover(endpoint: Endpoint) -> Iterator[str]:
    """A database of a run that was killed."""
    name = f"supaseed_run_{os.getpid():08x}_1"
    with connect_registry(endpoint) as registry:
        create_database(registry, name, owner=endpoint.user)
        yield name
