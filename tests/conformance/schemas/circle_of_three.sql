-- promise: a circle over three tables, one key of it nullable, costs no table
create table a (id serial primary key, b_id int not null);
create table b (id serial primary key, c_id int not null);
create table c (id serial primary key, a_id int);
alter table a add foreign key (b_id) references b;
alter table b add foreign key (c_id) references c;
alter table c add foreign key (a_id) references a;
