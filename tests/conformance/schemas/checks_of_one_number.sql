-- promise: comparisons of a column with constants are solved, whatever their form
create table numbers (
    id serial primary key,
    a int not null check (a > 1000000),
    b int not null check (b between -5 and 5),
    c numeric(6, 2) not null check (c >= 0.5 and c < 1),
    d int not null check (d % 7 = 0),
    e int not null check (e in (3, 5, 8)),
    f int not null check (f <> 0),
    g bigint not null check (g = any (array[10, 20, 30])),
    h int check (h is null or h > 5000),
    i double precision not null check (i >= -90 and i <= 90),
    j int not null check (j = 42),
    k int not null check (not (k < 10 or k > 20)),
    l smallint not null check (l >= 0) check (l <= 2)
);
