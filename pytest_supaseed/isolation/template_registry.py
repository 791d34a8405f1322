"""The registry of templates: a table that several versions of this package may share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.isolation.statements import read_statement
from pytest_supaseed.isolation.template_uses import USES
from pytest_supaseed.server.databases import (
    PREFIX,
    REGISTRY,
    TEMPLATE_PREFIX,
    database_lock,
    database_size,
    may_not_create,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_supaseed.server.endpoint import Endpoint

ADDED_COLUMNS = ("kind", "title", "package", "made_from", "made_from_oid", "bytes")
"""What older versions do not know; `registry.sql` adds each."""


@dataclass(frozen=True)
class RegisteredTemplate:
    """What is written down of a template that is whole.

    Args:
        content: what was written down when it was made: JSON.
        oid: the database's.
        made_from: the template that it is a copy of; None where it is none, or nobody wrote that down.
        made_from_oid: that one's.
        current_oid: the OID of the template that has that name now.
    """

    content: dict[str, Any]
    oid: int
    made_from: str | None
    made_from_oid: int | None
    current_oid: int | None


@dataclass(frozen=True)
class ListedTemplate:
    """A template database, as a list shows it.

    Args:
        name: the database.
        oid: its OID.
        kind: `schema`, `dataset`, or nothing where nobody wrote that down.
        title: what it holds, for people.
        package: the version of this package that made it.
        made_at: when it was made; None where the registry does not know it.
        used_at: when a run last asked for it.
        made_from: the schema template that it is a copy of.
        in_use: whether a live run uses it.
        is_valid: whether a later run can use it: otherwise nothing is written down of it, or the schema
            template that it was made from has been made anew since.
        bytes: what it takes.
    """

    name: str
    oid: int
    kind: str
    title: str
    package: str
    made_at: datetime | None
    used_at: datetime | None
    made_from: str | None
    in_use: bool
    is_valid: bool
    bytes: int

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "kind": self.kind,
            "title": self.title,
            "package": self.package,
            "made_at": self.made_at and self.made_at.isoformat(),
            "used_at": self.used_at and self.used_at.isoformat(),
            "made_from": self.made_from,
            "in_use": self.in_use,
            "is_valid": self.is_valid,
            "bytes": self.bytes,
        }


def ensure_registry(registry: psycopg.Connection) -> None:
    """Make the registry's table, or give one of an older version the columns that it lacks."""
    if _has_all_columns(registry):
        return
    with database_lock(registry, "registry"):
        registry.execute(read_statement("registry"))


def refuse_stranger(registry: psycopg.Connection, endpoint: Endpoint) -> None:
    """See that the login may use the registry, which whoever came first on this server has made.

    Args:
        registry: a connection to the registry.
        endpoint: the server.

    Raises:
        EndpointError: it may not, or may not make databases.
    """
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(read_statement("registry_rights")).fetchone()
    owner, may_use, may_create = row or (endpoint.user, True, True)
    if not may_use:
        raise EndpointError(
            f"{endpoint.user} may not use what is kept on {endpoint.address}: it belongs to {owner}.",
            looked_at=[f"the owner of the table template, in the database {REGISTRY}"],
            remedies=[
                f"log in as {owner}, or let a superuser run: grant {owner} to {endpoint.user}",
                f"or let {owner} drop it, if nobody needs it: the databases that begin with {PREFIX}",
            ],
        )
    if not may_create:
        raise may_not_create(endpoint)


def _has_all_columns(registry: psycopg.Connection) -> bool:
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(read_statement("registry_columns"), {"columns": list(ADDED_COLUMNS)}).fetchone()
    return row == (len(ADDED_COLUMNS),)


def use_template(registry: psycopg.Connection, name: str) -> RegisteredTemplate | None:
    """Return what is written down of a template, and write down that it is used; None where none is whole."""
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(read_statement("use_template"), {"name": name}).fetchone()
    return None if row is None else RegisteredTemplate(json.loads(row[0]), *row[1:])


def register_template(
    registry: psycopg.Connection, name: str, content: dict[str, Any], made_from: tuple[str, int] | None
) -> None:
    """Write down a template; in the transaction that marks it as one.

    Args:
        registry: a connection to the registry.
        name: the database.
        content: JSON.
        made_from: name and OID of the template that it is a copy of.
    """
    from importlib.metadata import version

    registry.execute(
        "insert into public.template (name, content, kind, title, package, made_from, made_from_oid, bytes)"
        " values (%s, %s, %s, %s, %s, %s, %s::int8::oid, %s)",
        (
            name,
            json.dumps(content),
            "dataset" if made_from else "schema",
            str(content.get("title", "")) or _title(content),
            version("pytest-supaseed"),
            *(made_from or (None, None)),
            database_size(registry, name),
        ),
    )


def _title(content: dict[str, Any]) -> str:
    """What the content of a dataset shows of it."""
    if parts := content.get("report", {}).get("parts"):
        rows = sum(part["loaded"] for part in parts)
        return f"{rows:,} rows in {len({(part['schema'], part['table']) for part in parts})} tables"
    return ""


def list_templates(registry: psycopg.Connection) -> list[ListedTemplate]:
    """Return all templates of the server, the least recently used ones first.

    The size of one that nobody wrote down is asked for; where it is dropped meanwhile, it is left out.
    """
    with registry.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            read_statement("list_templates"), {"uses": USES, "prefix": TEMPLATE_PREFIX}
        ).fetchall()
    listed = []
    for row in rows:
        try:
            size = database_size(registry, row[0]) if row[-1] is None else row[-1]
            listed.append(ListedTemplate(*(*row[:-1], size)))
        except psycopg.errors.InvalidCatalogName:
            continue
    return listed
