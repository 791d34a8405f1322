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
OF_SUPABASE = frozenset({"auth", "realtime", "storage"})
"""Those that a project without Supabase may have of its own, by the same name."""
