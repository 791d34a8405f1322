-- promise: several unique keys over the same foreign keys and lists hold at once, filled to what fits
-- expect: select count(*) = 60 from chains
-- expect: select count(*) = 60 from triangles
-- expect: select count(*) = 20 from small_triangles
-- expect: select count(*) = 60 from pairs_of_one_to_one
-- expect: select count(*) = 60 from one_to_one_and_pairs
-- expect: select count(*) = 60 from slots
-- expect: select count(*) = 15 from few
-- expect: select count(*) = 60 from stars
-- expect: select count(distinct a_id) > 20 and count(distinct c_id) > 20 from chains
create table a (id serial primary key);
create table b (id uuid primary key);
create table c (id serial primary key);
create type kind as enum ('one', 'two', 'three', 'four', 'five');
create table kinds (kind kind primary key);
create table chains (
    id serial primary key, a_id int not null references a, b_id uuid not null references b,
    c_id int not null references c, unique (a_id, b_id), unique (b_id, c_id)
);
create table triangles (
    a_id int references a, b_id uuid references b, c_id int references c,
    primary key (a_id, b_id), unique (b_id, c_id), unique (a_id, c_id)
);
create table small_triangles (
    kind kind not null, other kind not null, step int not null check (step between 1 and 4),
    unique (kind, other), unique (other, step), unique (kind, step)
);
create table pairs_of_one_to_one (
    id serial primary key, a_id int not null unique references a, b_id uuid not null unique references b
);
create table one_to_one_and_pairs (
    a_id int primary key references a, b_id uuid not null references b, c_id int not null references c,
    unique (a_id, b_id), unique (b_id, c_id)
);
create table slots (
    a_id int references a, weekday int check (weekday between 0 and 6), kind kind not null,
    primary key (a_id, weekday), unique (a_id, kind)
);
create table few (
    kind kind references kinds, step int check (step between 1 and 3), a_id int not null references a,
    primary key (kind, step), unique (step, a_id)
);
create table stars (
    a_id int references a, b_id uuid references b, c_id int not null references c, kind kind not null,
    primary key (a_id, b_id), unique (a_id, c_id), unique (a_id, kind, b_id), unique (c_id, kind)
);
