"""Tests of rows.auto_factories: which defaults are left to Postgres."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_catalog import column

from pytest_supaseed.rows.auto_factories import is_volatile


@pytest.mark.parametrize(
    ("default", "volatile"),
    [
        (None, False),
        ("0", False),
        ("'draft'::public.status", False),
        ("'[1,2,3]'::public.vector(3)", False),
        ("lower('X'::text)", False),
        ("now()", True),
        ("(CURRENT_TIMESTAMP + '7 days'::interval)", True),
        ("extensions.uuid_generate_v4()", True),
        ("nextval('public.t_id_seq'::regclass)", True),
        ("public.random_string(26)", True),
        ('"My Schema"."next value"(1)', True),
        ("current_setting('app.user'::text, true)", True),
        ("auth.uid()", True),
    ],
)
def test_a_default_that_may_differ_each_time_is_not_left_to_postgres(
    default: str | None,
    volatile: bool,  # noqa: FBT001  # a parameter
) -> None:
    """The clock, chance, a setting, a function of the schema's own: such columns are written by us."""
    assert is_volatile(replace(column("x"), default=default)) is volatile
