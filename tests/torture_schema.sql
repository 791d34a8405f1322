-- A schema of everything that has to come back: each kind of key, column, table and sequence that Postgres knows.
-- Its rows are its own: nothing is seeded into it.
create schema "Odd Names";
create type mood as enum ('sad', 'ok', 'happy');
create type spot as (x integer, y numeric, note text);
create domain percent as integer check (value between 0 and 100);
create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

create table serials (id serial primary key, v text default 'none', n integer);
insert into serials (v, n) select 'row ' || g, g % 5 from generate_series(1, 40) as g;

create table always (id bigint generated always as identity primary key, v text unique, twice text generated always as (v || v) stored);
insert into always (v) select 'a' || g from generate_series(1, 20) as g;

create table pairs (a integer, b text, v text, primary key (a, b));
insert into pairs select g / 4, 'b' || g % 4, null from generate_series(0, 23) as g;

create table named (name text primary key, v text);
insert into named values ('', 'empty'), ('a b', 'blank'), ('"q"', 'quotes'), ('(x,y)', 'brackets'), (e'a\\b\n''', 'escapes'), ('NULL', 'null'), ('ä€𝄞', 'letters');

create table ids (id uuid primary key default gen_random_uuid(), v text);
insert into ids select md5(g::text)::uuid, 'v' from generate_series(1, 10) as g;

create table cases (name text collate nocase primary key, v text);
insert into cases values ('Abc', 1), ('xyz', 2);

create table keyless (a integer, b text);
insert into keyless select g / 3, case when g % 4 = 0 then null else 'same' end from generate_series(1, 12) as g;
insert into keyless values (null, null), (null, null), (7, ''), (7, '');

create table nullable (k integer unique, v text);
insert into nullable values (1, 'one'), (2, 'two'), (null, 'none'), (null, 'none');

create table floats (f double precision primary key, r real, n numeric);
insert into floats values ('nan', 'infinity', 'nan'), (0.1, 0.1, 0.10), (1e-300, '-0', 1e30), ('-infinity', 1e-40, 'infinity'), (0, 3, 0.000);

create table everything (
    id integer primary key, m mood, s spot, p percent, j json, jb jsonb, a integer[], aa text[][], r int4range,
    mr nummultirange, b bytea, iv interval, ts timestamptz, d date, tz timetz, i inet, bits varbit, c char(5),
    sp spot[], mo mood[], q tsvector, po point, oids regclass, big bigint, mon money
);
insert into everything values
    (1, 'ok', row(1, 2.50, 'a,"b'), 50, '{"a": [1, 2 ]}', '{"a": 1.0}', '[0:1]={1,null}', '{{a,b},{"NULL",""}}', '[1,5)',
     '{(,1],[3,4)}', '\x00ff', '1 mon -1 day 00:00:00.000001', 'infinity', '-infinity', '12:00:00.5+05:30', '::1/64', '101', 'ab',
     array[row(1, 2, null)::spot, null], '{sad,happy}', 'a:1 b:2A', '(1.5,-0)', 'serials', -9223372036854775808, 12.34),
    (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
    (3, 'sad', row(null, null, null), 0, 'null', 'null', '{}', '{}', 'empty', '{}', '', '-178000000 years', '4713-01-01 00:00:00+00 BC', '5874897-12-31', '24:00:00+00',
     '10.0.0.1', '', '', '{}', '{}', '', '(nan,infinity)', '0', 1, -5);

create table drawn (id integer primary key, dropped text, d1 text default 'd', z text);
insert into drawn select g, 'x', 'y', 'z' from generate_series(1, 5) as g;
alter table drawn drop column dropped;
alter table drawn add column late integer not null default 7;

create table toasted (id integer primary key, v text, w text);
alter table toasted alter column v set storage external;
insert into toasted
select n, string_agg(md5(n || '/' || g), '' order by g), repeat('compress me ', 800)
from generate_series(1, 3) as n, generate_series(1, 120) as g group by n;

create table parts (id integer, kind text, v text, primary key (id, kind)) partition by list (kind);
create table parts_a partition of parts for values in ('a');
create table parts_b partition of parts for values in ('b', 'c') partition by range (id);
create table parts_b1 partition of parts_b for values from (0) to (50);
create table parts_b2 partition of parts_b for values from (50) to (1000);
create table parts_rest partition of parts default;
insert into parts select g, substr('abcd', 1 + g % 4, 1), 'p' from generate_series(1, 80) as g;
create table part_refs (id integer primary key, part_id integer, part_kind text, foreign key (part_id, part_kind) references parts on delete set null on update cascade);
insert into part_refs select g, g * 4, 'a' from generate_series(1, 10) as g;

create table base (id integer, v text, constraint base_v check (v <> 'bad'));
create table derived (extra text) inherits (base);
insert into base values (1, 'b'), (2, 'b');
insert into derived values (1, 'd', 'e'), (3, 'd', null);

create unlogged table fleeting (id integer primary key, v text);
insert into fleeting values (1, 'x'), (2, 'y'), (3, 'z');

create table parents (id integer primary key, v text);
insert into parents select g, 'p' from generate_series(1, 10) as g;
create table children (id integer primary key, parent integer references parents on delete cascade on update cascade, other integer references parents on delete set null, d integer default 1 references parents on delete set default);
insert into children select g, 1 + g % 10, 1 + (g * 3) % 10, 1 + (g * 7) % 10 from generate_series(1, 30) as g;
create table eggs (id integer primary key, hen integer not null);
create table hens (id integer primary key, egg integer not null references eggs deferrable initially deferred);
alter table eggs add foreign key (hen) references hens deferrable initially deferred;
begin;
insert into eggs values (1, 1), (2, 2);
insert into hens values (1, 1), (2, 2);
commit;

create table audit (id bigserial primary key, at timestamptz default clock_timestamp(), what text);
create table watched (id integer primary key, v text, changes integer not null default 0);
create function note() returns trigger language plpgsql as $$
begin
    insert into audit (what) values (tg_op || ' ' || tg_table_name);
    return null;
end $$;
create function bump() returns trigger language plpgsql as $$
begin
    new.changes := new.changes + 1;
    return new;
end $$;
insert into watched select g, 'w' from generate_series(1, 8) as g;
create trigger bumped before update on watched for each row execute function bump();
create trigger noted after insert or update or delete on watched for each row execute function note();
create trigger emptied after truncate on watched execute function note();
create table always_watched (id integer primary key, v text);
insert into always_watched values (1, 'a'), (2, 'b');
create trigger noted after insert or update or delete on always_watched for each row execute function note();
alter table always_watched enable always trigger noted;

create table ruled (id integer primary key, v text);
insert into ruled values (1, 'a'), (2, 'b');
create rule kept_anyway as on delete to ruled where old.id = 1 do instead nothing;
create rule also as on insert to ruled do also insert into audit (what) values ('ruled');
create view shown as select id, v from serials where n = 1;
create rule into_shown as on insert to shown do instead insert into serials (v, n) values (new.v, 1);

create table booked (room integer, during int4range, note text, exclude using gist (during with &&));
insert into booked values (1, '[1,3)', 'x'), (1, '[5,9)', 'y');
create table places (id integer primary key, place integer not null unique deferrable initially deferred);
insert into places select g, g from generate_series(1, 6) as g;
create table unchecked (id integer primary key, n integer);
insert into unchecked values (1, -1), (2, 1);
alter table unchecked add constraint positive check (n > 0) not valid;

create materialized view summed as select n, count(*) as rows from serials group by n;
create unique index on summed (n);

create table big (id integer primary key, v text);
insert into big select g, repeat(md5(g::text), 6) from generate_series(1, 700) as g;
create table nothing (id serial primary key, v text);
create table bare ();
insert into bare default values;
insert into bare default values;

create table "Odd Names"."t" ("t" text, "row" integer primary key, "key" text, "kept" integer, "table" text, "r" text, "read" text, "a ""b" text, "select" text);
insert into "Odd Names"."t" select 't' || g, g, 'k', g, 'x', 'r', 'read', 'q', 's' from generate_series(1, 6) as g;
create table "Odd Names"."row" ("t" spot primary key, "T" text);
insert into "Odd Names"."row" values (row(1, 2, 'x'), 'y'), (row(null, 1, ''), 'z');
create table "Odd Names"."%s {} ; --" ("%s" integer primary key, "{}" text, "?" serial);
insert into "Odd Names"."%s {} ; --" values (1, 'x'), (2, 'y');

create sequence loose start 5 increment 3;
create sequence down increment -2 minvalue -100 maxvalue 50 start 50;
create sequence circle minvalue 1 maxvalue 4 cycle;
select setval('circle', 2);
create sequence unset;
select setval('unset', 10, false);
create sequence hoard cache 20;
select nextval('loose'), nextval('hoard');

select lo_from_bytea(424242, 'large object');
comment on table serials is 'as it was';
grant select on serials to public;
alter default privileges in schema public grant select on tables to public;
create policy own on ids using (true);
create statistics dependent on a, b from pairs;
