-- promise: names may hold quotes, percent signs, spaces, dots, newlines, any letters, and be reserved words
create schema "my schema";
create schema "Straße";
create type "my schema"."en""um" as enum ('100%', 'it''s', E'two\nlines', '{}', '"quoted"');
create table "my schema"."order" (
    "primary" int primary key,
    "select" text not null,
    "we""ird" text not null unique,
    "100%" int not null check ("100%" between 0 and 100),
    "%s" text not null,
    "a.b" int not null,
    "new
line" text not null,
    "имя" text not null,
    " " boolean not null,
    "e" "my schema"."en""um" not null
);
create table "Straße"."tab'le;--" (
    "Id" int primary key,
    "user" int not null references "my schema"."order" ("primary"),
    "w" text not null references "my schema"."order" ("we""ird"),
    constraint "ch'eck %" check ("Id" > 0)
);
create table "table" ("column" serial primary key, "references" int not null references "Straße"."tab'le;--", "{}" text not null);
create unique index "in""dex" on "table" (lower("{}"));
create table "аб.вг" ("$1" serial primary key, "::" text not null, "t" int not null, "row" int not null);
