-- promise: ranges that must not overlap do not
create table bookings (
    id serial primary key,
    during tstzrange not null,
    exclude using gist (during with &&)
);
create table seasons (
    id serial primary key,
    days daterange not null check (not isempty(days)),
    exclude using gist (days with &&)
);
create table blocks (id serial primary key, numbers int4range not null, exclude using gist (numbers with &&));
