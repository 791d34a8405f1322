"""Catalogs that have the marks of a framework, by hand, for tests of pure functions."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import after_insert, column, function, kind, table

from pytest_supaseed.catalog.model import Catalog, Column, Function, Table

VERSION = 180_000


def in_schema(found: Function, schema: str) -> Function:
    """The same function in another schema."""
    return replace(found, schema=schema)


def number(name: str) -> Column:
    """A column of type int4."""
    return replace(column(name), type=kind("int4"), formatted_type="integer")


def make(
    *tables: Table,
    functions: tuple[Function, ...] = (),
    schemas: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
) -> Catalog:
    """A catalog of these parts, with the schemas of its tables."""
    named = {"public", *schemas, *(found.schema for found in tables)}
    ordered = tuple(sorted(tables, key=lambda found: (found.schema, found.name)))
    return Catalog(VERSION, tuple(sorted(named)), ordered, functions, roles=roles)


AUTH_USERS = table("users", column("email"), schema="auth", triggers=(after_insert("new_user"),))
IDENTITIES = table("identities", column("user_id", "uuid"), schema="auth")
UID = in_schema(function("uid", "select null::uuid"), "auth")
ROLES = ("anon", "authenticated", "service_role")


def supabase(*tables: Table, functions: tuple[Function, ...] = (), schemas: tuple[str, ...] = ()) -> Catalog:
    """The platform with these tables."""
    return make(AUTH_USERS, IDENTITIES, *tables, functions=(UID, *functions), schemas=schemas, roles=ROLES)


def makerkit(prefix: str = "", *more: Table) -> Catalog:
    """The full kit; a prefix renames all tables of `public`."""
    return supabase(
        table(
            f"{prefix}accounts",
            column("primary_owner_user_id", "uuid"),
            column("name"),
            column("email"),
            column("picture_url"),
            column("is_personal_account", "bool"),
        ),
        table(
            f"{prefix}accounts_memberships",
            column("user_id", "uuid"),
            column("account_id", "uuid"),
            column("account_role"),
        ),
        table(f"{prefix}roles", column("name"), number("hierarchy_level")),
        table(f"{prefix}base_templates", column("title")),
        table(f"{prefix}setups", column("account_id", "uuid"), column("base_template_id", "uuid")),
        *more,
        functions=(in_schema(function("setup_new_user", ""), "kit"),),
        schemas=("kit",),
    )


def makerkit_lite(prefix: str = "") -> Catalog:
    """The lite kit."""
    return supabase(
        table(
            f"{prefix}accounts", column("name"), column("email"), column("picture_url"), column("public_data")
        ),
        functions=(in_schema(function("new_user_created_setup", ""), "kit"),),
        schemas=("kit",),
    )


def makerkit_v1(role: Column | None = None) -> Catalog:
    """The first kit, whose roles were numbers."""
    return supabase(
        table("organizations", column("name")),
        table("memberships", column("organization_id"), column("user_id", "uuid"), role or number("role")),
        table("organizations_subscriptions", column("organization_id")),
    )


def basejump(prefix: str = "") -> Catalog:
    """Basejump, whose tables are not in `public`."""
    return supabase(
        table(
            f"{prefix}accounts",
            column("primary_owner_user_id", "uuid"),
            column("name"),
            column("personal_account", "bool"),
            schema="basejump",
        ),
        table(
            f"{prefix}account_user",
            column("user_id", "uuid"),
            column("account_id", "uuid"),
            column("account_role"),
            schema="basejump",
        ),
        functions=(in_schema(function("run_new_user_setup", ""), "basejump"),),
    )


def home_grown() -> Catalog:
    """A schema of nobody's: no Supabase, and other names for everything."""
    return make(
        table("member", column("mail"), column("handle")),
        table("kit_template", column("label")),
        table("kit", column("member_id", "uuid"), column("kit_template_id", "uuid"), column("label")),
    )
