-- promise: addresses of networks, geometric types and system types get values
create table networks (id serial primary key, a inet not null, b cidr not null, c macaddr not null, d macaddr8 not null);
create table shapes (
    id serial primary key,
    a point not null, b line not null, c lseg not null, d box not null, e path not null, f polygon not null,
    g circle not null
);
create table odds (id serial primary key, a regclass not null, b pg_lsn not null, c tsvector not null, d tsquery not null, e jsonpath not null);
