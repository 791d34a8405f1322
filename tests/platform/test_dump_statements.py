"""What a dump says of its own server is passed over, and nothing else."""

from __future__ import annotations

import pytest

from pytest_supaseed.platform.dump_statements import SILENT, DumpSurroundings, reason_to_pass_over

THERE = DumpSurroundings(
    "postgres",
    schemas=frozenset({"public", "auth"}),
    publications=frozenset({"supabase_realtime"}),
    settings=frozenset({"statement_timeout", "row_security"}),
)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("ALTER TABLE public.t OWNER TO supabase_admin;", "changes of owner"),
        ('ALTER FUNCTION "public"."f"(a text, "b" int) OWNER TO "supabase_admin";', "changes of owner"),
        ("ALTER TABLE public.t OWNER TO postgres;", SILENT),
        ("ALTER TABLE public.owner ADD COLUMN a int;", None),
        ("ALTER TABLE t ALTER COLUMN a SET DEFAULT 'owner to x';", None),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon;",
            "default privileges of other roles",
        ),
        ('ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" GRANT ALL ON TABLES TO anon;', None),
        ("SET SESSION AUTHORIZATION 'supabase_admin';", "changes of the session's user"),
        ("COMMENT ON EXTENSION pgcrypto IS 'x';", SILENT),
        ("COMMENT ON SCHEMA \"public\" IS 'standard public schema';", SILENT),
        ("COMMENT ON SCHEMA mine IS 'x';", None),
        ("COMMENT ON TABLE public.t IS 'x';", None),
        ("CREATE SCHEMA auth;", "schemas that are there before"),
        ('CREATE SCHEMA IF NOT EXISTS "auth";', None),
        ("CREATE SCHEMA mine;", None),
        (
            "CREATE PUBLICATION supabase_realtime WITH (publish = 'insert');",
            "publications that are there before",
        ),
        ("SET transaction_timeout = 0;", "settings that this server does not know"),
        ("SET statement_timeout = 0;", None),
        ("SET row_security TO off;", None),
        ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();", None),
        ("GRANT ALL ON TABLE t TO anon;", None),
        ("DROP TABLE t;", None),
    ],
)
def test_what_is_passed_over(statement: str, reason: str | None) -> None:
    """Owners, others' defaults, what is there, and settings from another version; all else is run."""
    assert reason_to_pass_over(statement, THERE) == reason
