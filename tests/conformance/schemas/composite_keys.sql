-- promise: a key of several columns refers to a row that has them all
create table warehouses (country char(2), number int, primary key (country, number));
create table shelves (
    country char(2) not null,
    warehouse int not null,
    shelf int not null,
    primary key (country, warehouse, shelf),
    foreign key (country, warehouse) references warehouses (country, number)
);
create table parcels (
    id uuid primary key default gen_random_uuid(),
    country char(2),
    warehouse int,
    shelf int,
    foreign key (country, warehouse, shelf) references shelves match full
);
