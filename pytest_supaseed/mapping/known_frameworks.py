"""The frameworks that come with this package, and their facts (docs/reference/frameworks.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.mapping.fingerprints import (
    column_of_type,
    function,
    insert_trigger,
    no_column,
    no_relation,
    relation,
    role,
    schema,
)
from pytest_supaseed.mapping.framework import Candidate, Framework
from pytest_supaseed.platform.bundled import bundled_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTENT = {
    "setup_types": (Candidate("public", "base_templates"),),
    "base_templates": (Candidate("public", "setup_types"),),
    "media": (Candidate("public", "media_attachments"),),
    "media_attachments": (Candidate("public", "media"),),
}
"""The content tables of the original tool, which its users have under either name."""

_CONTENT_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "setups": {
        "user_id": ("account_id", "owner_id", "profile_id"),
        "setup_type_id": ("base_template_id", "template_id"),
        "base_template_id": ("setup_type_id", "template_id"),
        "name": ("title",),
        "title": ("name",),
    },
    "setup_types": {"name": ("title",), "title": ("name",)},
    "profiles": {
        "display_name": ("full_name", "name", "username"),
        "name": ("display_name", "full_name", "username"),
        "avatar_url": ("picture_url", "image_url"),
        "picture_url": ("avatar_url", "image_url"),
    },
}

_AUTH = {
    "users": (Candidate("auth", "users"),),
    "identities": (Candidate("auth", "identities"),),
}
_ACCOUNT_COLUMNS = {
    "owner_id": ("primary_owner_user_id",),
    "avatar_url": ("picture_url",),
    "display_name": ("name",),
}


POSTGRES = Framework(
    "postgres",
    "plain Postgres",
    fingerprints=(),
    tables={
        **_CONTENT,
        "users": (
            Candidate("public", "user"),
            Candidate("public", "accounts", ("email",)),
            Candidate("public", "profiles", ("email",)),
        ),
    },
    columns=_CONTENT_COLUMNS,
    specificity=0,
)

SUPABASE = Framework(
    "supabase",
    "Supabase",
    fingerprints=(
        relation("auth", "users", "id", "email"),
        function("auth", "uid"),
        role("authenticated").ordinary(),
        relation("auth", "identities").supporting(),
    ),
    builds_on=POSTGRES,
    tables=_AUTH,
    schema=bundled_schema("supabase"),
    specificity=10,
)

MAKERKIT = Framework(
    "makerkit",
    "MakerKit",
    fingerprints=(
        schema("kit"),
        relation("public", "accounts", "primary_owner_user_id", "is_personal_account"),
        relation("public", "accounts_memberships", "user_id", "account_id"),
        function("kit", "setup_new_user"),
        relation("public", "roles", "name", "hierarchy_level").supporting(),
        insert_trigger("auth", "users").supporting(),
    ),
    builds_on=SUPABASE,
    tables={"memberships": (Candidate("public", "accounts_memberships"),)},
    columns={
        "accounts": {**_ACCOUNT_COLUMNS, "personal_account": ("is_personal_account",)},
        "memberships": {"role": ("account_role",), "team_id": ("account_id",)},
    },
    schema=bundled_schema("makerkit"),
    specificity=50,
)

MAKERKIT_LITE = Framework(
    "makerkit-lite",
    "MakerKit lite",
    fingerprints=(
        schema("kit"),
        relation("public", "accounts", "id", "email").ordinary(),
        no_column("public", "accounts", "is_personal_account"),
        no_column("public", "accounts", "primary_owner_user_id"),
        function("kit", "new_user_created_setup"),
        insert_trigger("auth", "users").supporting(),
    ),
    builds_on=SUPABASE,
    columns={"accounts": {name: _ACCOUNT_COLUMNS[name] for name in ("avatar_url", "display_name")}},
    schema=bundled_schema("makerkit-lite"),
    specificity=40,
)

MAKERKIT_V1 = Framework(
    "makerkit-v1",
    "MakerKit v1",
    fingerprints=(
        relation("public", "organizations", "id", "name").ordinary(),
        relation("public", "memberships", "organization_id", "user_id", "role"),
        column_of_type("public", "memberships", "role", "int2", "int4", "int8"),
        relation("public", "organizations_subscriptions", "organization_id"),
        no_relation("public", "accounts"),
    ),
    builds_on=SUPABASE,
    tables={
        "teams": (Candidate("public", "organizations"),),
        "subscriptions": (Candidate("public", "organizations_subscriptions"),),
    },
    columns={"memberships": {"team_id": ("organization_id",)}},
    specificity=20,
)

BASEJUMP = Framework(
    "basejump",
    "Basejump",
    fingerprints=(
        schema("basejump"),
        relation("basejump", "accounts", "primary_owner_user_id", "personal_account"),
        relation("basejump", "account_user", "user_id", "account_id", "account_role"),
        function("basejump", "run_new_user_setup"),
        insert_trigger("auth", "users").supporting(),
    ),
    builds_on=SUPABASE,
    tables={
        "accounts": (Candidate("basejump", "accounts"),),
        "memberships": (Candidate("basejump", "account_user"),),
        "invitations": (Candidate("basejump", "invitations"),),
        "subscriptions": (Candidate("basejump", "billing_subscriptions"),),
        "config": (Candidate("basejump", "config"),),
    },
    columns={
        "accounts": {
            "owner_id": ("primary_owner_user_id",),
            "is_personal_account": ("personal_account",),
            "display_name": ("name",),
        },
        "memberships": {"role": ("account_role",), "team_id": ("account_id",)},
    },
    schema=bundled_schema("basejump"),
    specificity=30,
)

FRAMEWORKS: tuple[Framework, ...] = (MAKERKIT, MAKERKIT_LITE, BASEJUMP, MAKERKIT_V1, SUPABASE, POSTGRES)
"""The most telling first: the first one that recognises a catalog is what the catalog is."""
