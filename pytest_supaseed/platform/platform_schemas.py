"""The schemas that the Supabase platform brings."""

from __future__ import annotations

PLATFORM_SCHEMAS = frozenset(
    {
        "auth",
        "cron",
        "extensions",
        "graphql",
        "graphql_public",
        "net",
        "pgmq",
        "pgsodium",
        "pgsodium_masks",
        "realtime",
        "storage",
        "supabase_functions",
        "supabase_migrations",
        "supaseed",
        "vault",
    }
)
"""Schemas that belong to the platform: filled only where a recipe names a table of theirs."""
