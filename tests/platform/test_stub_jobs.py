"""What stands in for pg_cron: jobs are written down, and never run."""

from __future__ import annotations

import psycopg
import pytest
from platform_databases import one_row, one_value

API_ROLES = ("anon", "authenticated", "service_role")


class TestCron:
    """Jobs are written down and never run."""

    def test_a_job_has_the_callers_name_and_place(self, stubs: psycopg.Connection) -> None:
        """What the real one writes: schedule, command, database, user, active."""
        job = one_value(stubs, "select cron.schedule('nightly', '0 3 * * *', 'vacuum')")
        assert one_row(
            stubs,
            "select schedule, command, database = current_d"
            "atabase(), username = current_user, active, jobname"
            " from cron.job where jobid = %s",
            job,
        ) == ("0 3 * * *", "vacuum", True, True, True, "nightly")

    def test_a_name_is_scheduled_anew(self, stubs: psycopg.Connection) -> None:
        """The same name keeps its number and takes the new schedule; jobs without a name pile up."""
        first = one_value(stubs, "select cron.schedule('nightly', '0 3 * * *', 'vacuum')")
        again = one_value(stubs, "select cron.schedule('nightly', '@hourly', 'analyze')")
        nameless = [one_value(stubs, "select cron.schedule('@daily', 'select 1')") for _ in range(2)]
        assert (first == again, len({first, *nameless})) == (True, 3)
        assert one_row(stubs, "select schedule, command from cron.job where jobname = 'nightly'") == (
            "@hourly",
            "analyze",
        )

    def test_jobs_are_altered_and_removed(self, stubs: psycopg.Connection) -> None:
        """By number and by name; only what is given changes."""
        job = one_value(stubs, "select cron.schedule('nightly', '0 3 * * *', 'vacuum')")
        stubs.execute("select cron.alter_job(%s, schedule => '30 seconds', active => false)", (job,))
        assert one_row(stubs, "select schedule, command, active from cron.job") == (
            "30 seconds",
            "vacuum",
            False,
        )
        assert one_value(stubs, "select cron.unschedule('nightly')") is True
        other = one_value(stubs, "select cron.schedule_in_database('o', '* * * * *', 'x', 'postgres')")
        assert one_value(stubs, "select database from cron.job") == "postgres"
        assert one_value(stubs, "select cron.unschedule(%s)", other) is True
        assert one_value(stubs, "select count(*) from cron.job") == 0

    @pytest.mark.parametrize(
        "call", ["cron.unschedule('gone')", "cron.unschedule(7)", "cron.alter_job(7, '* * * * *')"]
    )
    def test_a_job_that_is_not_there_is_an_error(self, stubs: psycopg.Connection, call: str) -> None:
        """As in the real one: migrations guard themselves against it."""
        with pytest.raises(psycopg.errors.UndefinedObject):
            stubs.execute(f"select {call}")

    @pytest.mark.parametrize(
        "schedule",
        ["* * * * *", "*/5 0-6/2 1,15 jan-mar mon", "0 0 $ * *", "@midnight", "59 seconds", "1 second"],
    )
    def test_schedules_are_taken(self, stubs: psycopg.Connection, schedule: str) -> None:
        """Five fields, macros, seconds."""
        stubs.execute("select cron.schedule(%s, 'x')", (schedule,))

    @pytest.mark.parametrize(
        "schedule", ["", "* * * *", "every day", "60 seconds", "0 seconds", "@noon", "* * * * * *"]
    )
    def test_what_is_no_schedule_is_an_error(self, stubs: psycopg.Connection, schedule: str) -> None:
        """A typo in a migration must not wait for production."""
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="invalid schedule"):
            stubs.execute("select cron.schedule('job', %s, 'x')", (schedule,))

    @pytest.mark.usefixtures("plain_owner")
    def test_the_owner_writes_through_functions_only(self, stubs: psycopg.Connection) -> None:
        """As on Supabase; run details may be cleaned up by it."""
        stubs.execute("delete from cron.job_run_details")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stubs.execute("update cron.job set active = false")

    @pytest.mark.parametrize("role", API_ROLES)
    def test_the_api_schedules_nothing(self, stubs: psycopg.Connection, role: str) -> None:
        """As on Supabase: the schema is the owner's."""
        stubs.execute("select set_config('role', %s, true)", (role,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            stubs.execute("select cron.schedule('job', '* * * * *', 'x')")
