-- promise: every type of date and time gets values
create table moments (
    id serial primary key,
    a date not null, b time not null, c timetz not null, d timestamp not null, e timestamptz not null,
    f interval not null, g timestamp(0) not null, h time(3) not null, i interval day to second not null
);
