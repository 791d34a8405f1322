"""A statement's first words tell how it has to be run."""

from __future__ import annotations

import pytest

from pytest_supaseed.platform.statement_kinds import Kind, kind_of


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("", Kind.EMPTY),
        (" -- nothing\n;", Kind.EMPTY),
        ("create table t ()", Kind.ORDINARY),
        ("(select 1)", Kind.ORDINARY),
        ("BEGIN;", Kind.BEGIN),
        ("/* a */ start transaction isolation level serializable;", Kind.BEGIN),
        ("commit and chain", Kind.END),
        ("END;", Kind.END),
        ("abort", Kind.END),
        ("rollback", Kind.END),
        ("prepare transaction 'x'", Kind.END),
        ("prepare q as select 1", Kind.ORDINARY),
        ("savepoint a", Kind.ORDINARY),
        ("rollback to savepoint a", Kind.ORDINARY),
        ("rollback work to a", Kind.ORDINARY),
        ("commit prepared 'x'", Kind.STANDALONE),
        ("create index concurrently on t (a)", Kind.STANDALONE),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", Kind.STANDALONE),
        ("create index on t (a)", Kind.ORDINARY),
        ("drop index concurrently i", Kind.STANDALONE),
        ("reindex table concurrently t", Kind.STANDALONE),
        ("vacuum (analyze) t", Kind.STANDALONE),
        ("alter type e add value if not exists 'x' before 'y'", Kind.STANDALONE),
        ("alter type public.\"e\" add value 'x'", Kind.STANDALONE),
        ("alter type t add attribute a int", Kind.ORDINARY),
        ("alter table p detach partition c concurrently", Kind.STANDALONE),
        ("alter table p detach partition c", Kind.ORDINARY),
        ("call p()", Kind.STANDALONE),
        ("do $$ begin commit; end $$", Kind.STANDALONE),
        ("do $$ begin perform 1; end $$", Kind.ORDINARY),
        ("copy t from stdin", Kind.COPY_IN),
        ("copy t to stdout", Kind.COPY_OUT),
        ("copy t from '/tmp/t'", Kind.ORDINARY),
        ('create extension "x"', Kind.EXTENSION),
        ("drop extension if exists x", Kind.EXTENSION),
        ("comment on extension x is 'y'", Kind.EXTENSION),
        ("create database d", Kind.OF_THE_SERVER),
        ("drop database if exists d", Kind.OF_THE_SERVER),
        ("alter system set work_mem = '1MB'", Kind.OF_THE_SERVER),
        ("alter database d set search_path = x", Kind.ORDINARY),
    ],
)
def test_kinds(statement: str, kind: Kind) -> None:
    """Each spelling is of the kind that Postgres makes of it."""
    assert kind_of(statement) is kind
