"""Statements about extensions are read in every spelling that Postgres takes."""

from __future__ import annotations

import pytest

from pytest_supaseed.platform.extension_statements import (
    CreateExtension,
    OtherExtension,
    read_extension_statement,
)


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("create extension citext;", CreateExtension("citext")),
        ('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"', CreateExtension("uuid-ossp", if_not_exists=True)),
        (
            "create extension -- why\n if not exists pg_trgm with schema extensions;",
            CreateExtension("pg_trgm", "extensions", if_not_exists=True),
        ),
        (
            'create extension x schema "My Schema" version "1.0" cascade',
            CreateExtension("x", "My Schema", cascade=True),
        ),
        ("create extension x version '1' schema s", CreateExtension("x", "s")),
        ("create extension Citext with cascade", CreateExtension("citext", cascade=True)),
        (
            'drop extension if exists a, "b-c" cascade',
            OtherExtension("drop", ("a", "b-c"), if_exists=True, cascade=True),
        ),
        ("drop extension a restrict;", OtherExtension("drop", ("a",))),
        ("alter extension a set schema extensions", OtherExtension("alter", ("a",))),
        ("comment on extension a is 'b;'", OtherExtension("comment", ("a",))),
        ("create extension", None),
        ("create extension if not exists", None),
        ("create extension a from unpackaged", None),
        ("create table extension ()", None),
    ],
)
def test_spellings(statement: str, read: CreateExtension | OtherExtension | None) -> None:
    """What is asked for, whatever it looks like; what is malformed is left to Postgres."""
    assert read_extension_statement(statement) == read
