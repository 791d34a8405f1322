-- promise: a unique key over few values is used up to its last one, and the report says how many there are
-- expect: select count(*) = 2 from switches
-- expect: select count(*) = 3 from sizes
-- expect: select count(*) = 6 from variants
create type size as enum ('S', 'M', 'L');
create table switches (id serial primary key, is_on boolean not null unique);
create table sizes (size size primary key);
create table variants (size size not null, is_gift boolean not null, unique (size, is_gift));
create table settings (singleton boolean primary key default true check (singleton), title text not null);
