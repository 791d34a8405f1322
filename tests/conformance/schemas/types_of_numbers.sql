-- promise: every numeric type gets values within its precision and scale
create table numbers (
    id smallint primary key,
    a smallint not null, b integer not null, c bigint not null,
    d numeric not null, e numeric(3) not null, f numeric(10, 2) not null, g numeric(4, 4) not null,
    h real not null, i double precision not null, j money not null, k oid not null, l numeric(3, -2) not null
);
create table serials (a smallserial primary key, b serial not null, c bigserial not null);
