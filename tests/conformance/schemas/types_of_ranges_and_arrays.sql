-- promise: ranges, multiranges and arrays of any dimensions get values of their own type
create table ranges (
    id serial primary key,
    a int4range not null, b int8range not null, c numrange not null, d tsrange not null, e tstzrange not null,
    f daterange not null, g int4multirange not null, h datemultirange not null
);
create type mood as enum ('happy', 'sad');
create table arrays (
    id serial primary key,
    a int[] not null, b text[] not null, c numeric(4, 1)[] not null, d mood[] not null, e uuid[] not null,
    f timestamptz[] not null, g int[][] not null, h jsonb[] not null, i int[3] not null
);
