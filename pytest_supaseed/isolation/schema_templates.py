"""The first level of a dataset: the platform and the project's schema, without seeded rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from pytest_supaseed.catalog.model import Catalog
from pytest_supaseed.catalog.serialize import catalog_from_json, catalog_to_json
from pytest_supaseed.isolation.database_settings import database_settings
from pytest_supaseed.isolation.templates import (
    Template,
    TemplateStore,
    package_digest,
    template_name,
)
from pytest_supaseed.isolation.unlogged_rows import has_unlogged
from pytest_supaseed.platform.bootstrap import platform_digest
from pytest_supaseed.platform.schema_logins import (
    SchemaLogins,
    ensure_migrator,
    hand_over,
    schema_logins,
)
from pytest_supaseed.server.databases import create_database
from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_supaseed.platform.extensions import ExtensionInstaller
    from pytest_supaseed.platform.role_run import RolePolicy
    from pytest_supaseed.platform.schema_sources import SchemaSources
    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class SchemaRequest:
    """What a schema template is made of.

    Args:
        sources: where the tables come from.
        platform: whether the Supabase platform is laid first.
        extensions: the user's word per extension.
    """

    sources: SchemaSources
    platform: bool
    extensions: Mapping[str, str]


@dataclass(frozen=True)
class SchemaTemplate:
    """A schema as a template database, and what is known of it.

    Args:
        template: the database.
        catalog: what it holds; the OIDs are those of each of its clones too.
        existing: rows that migrations made, by table OID.
        origin: where the schema came from, for people.
        notes: what differs from Supabase, and what was left out, one line each.
        endpoint: the server, with the schema's owner as its owner.
    """

    template: Template
    catalog: Catalog
    existing: Mapping[int, int]
    origin: str
    notes: tuple[str, ...]
    endpoint: Endpoint


def ensure_schema(
    store: TemplateStore, request: SchemaRequest, *, rebuild: bool, on_wait: Callable[[], None]
) -> SchemaTemplate:
    """Return the template of a schema; make it where it is missing.

    Raises:
        SchemaError: a source cannot be run.
        EndpointError: the server lacks roles that the login may not make.
    """
    logins = schema_logins(store.endpoint, platform=request.platform)
    name = template_name(
        "schema",
        package_digest(),
        store.endpoint.version,
        logins.endpoint.owner,
        logins.migrator.owner,
        request.sources.digest(),
        platform_digest() if request.platform else "no platform",
        *(f"{key}={request.extensions[key]}" for key in sorted(request.extensions)),
    )
    template = store.ensure(
        name, lambda working: _build(store, working, request, logins), rebuild=rebuild, on_wait=on_wait
    )
    content = template.content
    return SchemaTemplate(
        template,
        catalog_from_json(Catalog, content["catalog"]),
        {int(oid): count for oid, count in content["existing"].items()},
        request.sources.origin,
        tuple(content["notes"]),
        logins.endpoint,
    )


def _build(store: TemplateStore, name: str, request: SchemaRequest, logins: SchemaLogins) -> dict[str, Any]:
    # Here and not above: a run that finds its schema made needs none of these; to import them takes 200 ms.
    from pytest_supaseed.catalog.introspect import introspect
    from pytest_supaseed.load.stored_rows import count_stored
    from pytest_supaseed.platform.bootstrap import ensure_roles, install_platform
    from pytest_supaseed.platform.extensions import ExtensionInstaller
    from pytest_supaseed.platform.schema_run import run_sources

    endpoint = logins.endpoint
    notes = list(endpoint.notes)
    if request.platform or endpoint.owner != endpoint.user:
        notes += ensure_roles(
            store.registry, owner=endpoint.owner, owner_password=endpoint.owner_password or ""
        )
    if logins.hands_over:
        ensure_migrator(store.registry, endpoint.owner_password or "")
    create_database(store.registry, name, owner=endpoint.owner)
    with _connected(logins.migrator, name) as (login, migrator):
        installer = ExtensionInstaller(login, owner=endpoint.owner, overrides=request.extensions)
        if request.platform:
            notes += install_platform(login, owner=endpoint.owner, extensions=installer)
        run = run_sources(
            request.sources, migrator(), installer=installer, roles=_role_policy(request, logins)
        )
        if logins.hands_over:
            hand_over(login, owner=endpoint.owner)
        catalog = introspect(login)
        if not any(table.schema not in catalog.platform_schemas for table in catalog.tables):
            notes.append("the schema made no table, so there is nothing to fill: is all of it named?")
        return {
            "catalog": catalog_to_json(catalog),
            "existing": count_stored(login, catalog),
            "extensions": [asdict(decision) for decision in installer.decisions],
            "notes": [*notes, *run.notes, *_extension_notes(installer)],
            "settings": database_settings(login),
            "owner": endpoint.owner,
            "title": request.sources.origin,
            "unlogged": has_unlogged(store.endpoint, name),
        }


def _role_policy(request: SchemaRequest, logins: SchemaLogins) -> RolePolicy:
    from pytest_supaseed.platform.role_run import RolePolicy

    return RolePolicy(
        makes=logins.is_ours and not request.platform,
        alters=logins.is_ours,
        kept=logins.kept_roles,
        owner=logins.endpoint.owner,
    )


@contextmanager
def _connected(
    endpoint: Endpoint, name: str
) -> Iterator[tuple[psycopg.Connection, Callable[[], psycopg.Connection]]]:
    """A connection of the login, and one of who runs the sources, made when it is wanted."""
    opened: list[psycopg.Connection] = []

    def migrator() -> psycopg.Connection:
        opened.append(psycopg.connect(endpoint.conninfo(name, as_owner=True), autocommit=True))
        return opened[-1]

    with settled(endpoint.conninfo(name), own_role=True) as login:
        try:
            yield login, migrator
        finally:
            for connection in opened:
                connection.close()


def _extension_notes(installer: ExtensionInstaller) -> list[str]:
    """One line for each way in which extensions were not simply installed."""
    words = {"stub": "stands in", "skip": "skipped", "install": "in SQL of ours"}
    return [
        f"extension {decision.name}: {words[decision.action]} ({decision.reason})"
        for decision in installer.decisions
        if decision.action in words and decision.reason != "the server has it"
    ]
