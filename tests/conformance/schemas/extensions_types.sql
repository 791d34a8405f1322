-- promise: types of extensions get values, and keys of citext ignore the case
create extension if not exists citext;
create extension if not exists hstore;
create extension if not exists ltree;
create table accounts (id serial primary key, email citext not null unique, name citext not null check (length(name) > 2));
create table attributes (id serial primary key, data hstore not null, path ltree not null unique);
create table logins (id serial primary key, email citext not null references accounts (email));
