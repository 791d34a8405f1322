-- promise: NULLS NOT DISTINCT allows one NULL, an ordinary unique column any number
create table coupons (id serial primary key, code text unique nulls not distinct, note text unique);
create table slots (day date, room int, unique nulls not distinct (day, room));
