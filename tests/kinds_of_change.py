"""Kinds of change that a test can make to its database, on the tables of `torture_schema.sql`.

Each is one statement, or several in turn; `{one}` and `{database}` are as in `torture_statements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import LiteralString

IN_PLACE: dict[str, tuple[LiteralString, ...]] = {
    "inserts": ("insert into serials (v) values ('new')",),
    "updates": ("update serials set v = 'new'",),
    "updates that change nothing": ("update serials set v = v, n = n",),
    "updates of keys": ("update pairs set a = a + 100, b = b || 'x'",),
    "keys that change places": (
        "update places set place = 7 - place",
        "update places set id = id + 100",
    ),
    "deletes": ("delete from serials where id < 20",),
    "a row deleted and made again": (
        "delete from serials where id = 5; insert into serials (id, v, n) values (5, 'row 5', 0)",
    ),
    "merge": ("merge into serials s using generate_series(1, 5) g on s.id = g when matched then delete",),
    "on conflict": ("insert into serials (id) values (1) on conflict (id) do update set v = 'new'",),
    "cascades": (
        "delete from parents where id between 2 and 4",
        "update children set other = null, d = null; update parents set id = 100 where id = 7",
    ),
    "a cycle of foreign keys": ("begin; delete from eggs; delete from hens; commit",),
    "rows that a key locked": ("insert into children values (99, 1, 2, 3)",),
    "a table without a key": (
        "update keyless set b = 'x' where b is null",
        "delete from keyless where ctid = (select min(ctid) from keyless)",
    ),
    "keys that may be null": ("update nullable set k = null",),
    "a table without columns": ("insert into bare default values", "delete from bare"),
    "identity": ("insert into always (v) values ('new'); delete from always where id = 1",),
    "a forced identity": ("insert into always overriding system value values (900, 'new')",),
    "serial": ("insert into nothing (v) values ('new')",),
    "generated columns": ("update always set v = v || '!'",),
    "partitions": ("update parts set kind = 'b' where kind = 'a'; delete from parts where id > 60",),
    "a row that moves between partitions": ("update parts set id = id + 500 where kind = 'b' and id < 20",),
    "inheritance": ("update base set v = 'new'; delete from only base where id = 2",),
    "an unlogged table": ("update fleeting set v = 'new'; delete from fleeting where id = 1",),
    "long values": (
        "update toasted set w = 'new'; update toasted set v = v || v; delete from toasted where id = 3",
    ),
    "every type": ("delete from everything", "delete from floats", "delete from drawn"),
    "rows that a trigger changes": ("update watched set v = 'new'", "delete from watched where id = 2"),
    "rows that a rule writes": (
        "insert into ruled values (7, 'new')",
        "insert into shown values (900, 'new')",
    ),
    "an exclusion constraint": ("update booked set during = '[9,12)' where lower(during) = 5",),
    "names that have to be quoted": (
        'delete from "Odd Names"."t" where "row" < 3',
        'delete from "Odd Names"."row"',
    ),
    "a percent sign in a name": ('insert into "Odd Names"."%s {{}} ; --" ("%s") values (7)',),
    "a table that is too large, with new rows alone": ("insert into big values (9000, 'new')",),
    "sequences": ("select nextval('loose'), nextval('down'), nextval('hoard'), setval('unset', 3)",),
    "sequences that were not drawn from": ("select setval('loose', 5, false)",),
    "a sequence set where it was": ("select setval('unset', 99), setval('unset', 10, false)",),
    "copy": (
        "begin; create temp table t on commit drop as table keyless; insert into keyless table t; commit",
    ),
    "temporary tables": (
        "create temp table t (a serial primary key, b text unique); insert into t (b) values ('x')",
        "create temp view v as select * from t",
    ),
    "what is made and dropped": (
        "create table made (a serial primary key); drop table made",
        "create index on keyless (a); drop index keyless_a_idx",
        "comment on table always is 'x'; comment on table always is null",
        "select lo_create(99); select lo_unlink(99)",
    ),
    "what is rolled back": (
        "begin; alter table serials add x text default 'x'; update serials set x = 'y'; rollback",
        "begin; truncate parents cascade; rollback",
        "begin; insert into serials (v) values ('x'); savepoint s; truncate serials; rollback to s; commit",
        "begin; drop schema public cascade; rollback",
    ),
    "rows locked": ("begin; select from serials for update; select from pairs for share; commit",),
    "statistics for the planner": ("analyze", "vacuum analyze serials"),
    "vacuum": ("delete from serials", "vacuum (freeze) serials"),
    "a transaction prepared and rolled back": (
        "begin; delete from children; prepare transaction {one}",
        "rollback prepared {one}",
    ),
    "a transaction prepared and committed": (
        "begin; delete from children; prepare transaction {one}",
        "commit prepared {one}",
    ),
    "advisory locks": ("select pg_advisory_lock(1), pg_advisory_lock_shared(2, 3)",),
    "listen": ("listen news; notify news, 'hello'",),
    "session settings": ("set search_path = nowhere; set datestyle = 'German'; set role none",),
    "a message in the log": ("select pg_logical_emit_message(true, 'p', 'x')",),
}
"""What is undone in place."""

REPLACED: dict[str, tuple[LiteralString, str]] = {
    "truncate": ("truncate serials", "pg_class"),
    "truncate and load": ("begin; truncate keyless; insert into keyless values (1, 'x'); commit", "pg_class"),
    "a column more": ("alter table serials add x text", "pg_"),
    "a column added and dropped": ("alter table pairs add x text; alter table pairs drop x", "pg_attribute"),
    "a table renamed and back": (
        "alter table pairs rename to x; alter table x rename to pairs",
        "pg_(class|type)",
    ),
    "a default changed and back": (
        "alter table pairs alter v set default 'x'; alter table pairs alter v drop default",
        "pg_attribute",
    ),
    "a trigger switched off and on": (
        "alter table watched disable trigger noted; alter table watched enable trigger noted",
        "pg_trigger",
    ),
    "a new table": ("create table made (a integer)", "pg_"),
    "a new index": ("create index on keyless (b)", "pg_"),
    "a new function": ("create function made() returns int language sql as 'select 1'", "pg_proc|pg_depend"),
    "a function written anew": (
        "create or replace function note() returns trigger language plpgsql as 'begin end'",
        "pg_(proc|depend)",
    ),
    "a new value of an enum": ("alter type mood add value 'new'", "pg_enum"),
    "a table dropped": ("drop table children", "pg_|does not exist"),
    "everything dropped": ("drop schema public cascade", "pg_|does not exist"),
    "a comment": ("comment on table serials is 'new'", "pg_description"),
    "a grant": ("grant insert on serials to public", "pg_class"),
    "default rights": ("alter default privileges grant all on tables to public", "pg_default_acl"),
    "a publication": ("create publication made for table serials", "pg_(publication|depend)"),
    "a materialized view": ("refresh materialized view summed", "pg_class"),
    "a materialized view, concurrently": (
        "update serials set n = 1; refresh materialized view concurrently summed",
        "pg_class|relation",
    ),
    "a new large object": ("select lo_create(99)", "pg_largeobject_metadata"),
    "a large object written": ("select lo_put(424242, 0, 'X')", "pg_largeobject"),
    "a setting of the database": ("alter database {database} set work_mem = '1MB'", "settings"),
    "a setting of a role in it": (
        "alter role current_user in database {database} set work_mem = '1MB'",
        "settings",
    ),
    "a comment on the database": ("comment on database {database} is 'new'", "comment"),
    "rights on the database": ("grant temporary on database {database} to public", "rights"),
    "a limit of connections": ("alter database {database} connection limit 50", "settings"),
    "a prepared transaction": ("begin; update pairs set v = 'x'; prepare transaction {one}", "prepared"),
    "a table that is too large": ("delete from big where id = 1", "public.big, .* not kept"),
    "a trigger that always fires": ("delete from always_watched", "always enabled"),
    "rows older than a constraint": ("delete from unchecked", "check constraint"),
    "a rewritten table": ("cluster serials using serials_pkey", "pg_class"),
    "a rebuilt index": ("reindex table serials", "pg_class"),
}
"""What is undone by a new clone, and how the reason reads."""
