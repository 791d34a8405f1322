-- promise: tables that inherit are tables of their own, each with its rows, its keys and its checks
create table makers (id serial primary key, name text not null);
create table vehicles (
    id serial primary key,
    maker_id int not null references makers,
    wheels int not null check (wheels > 0),
    plate text not null unique
);
create table bicycles (gears int not null, check (wheels = 2), primary key (id)) inherits (vehicles);
create table trucks (load numeric(6, 1) not null check (load > 100), unique (plate)) inherits (vehicles);
create table trips (
    id serial primary key,
    vehicle_id int not null references vehicles,
    bicycle_id int references bicycles
);
