-- promise: checks of arrays, dates and intervals are solved
create table mixed (
    id serial primary key,
    a int[] not null check (cardinality(a) = 3),
    b text[] not null check (b <@ array['red', 'green', 'blue']),
    c text[] not null check (array_length(c, 1) >= 1),
    d date not null check (d >= '2020-01-01' and d < '2020-02-01'),
    e timestamptz not null check (e > '2030-01-01'),
    f interval not null check (f > interval '1 hour'),
    g date not null check (extract(isodow from g) = 1),
    h bytea not null check (octet_length(h) = 32),
    i timestamptz not null check (i <= now()),
    j int[] not null check (array_position(j, null) is null)
);
