-- promise: a circle of required keys is filled with triggers off, and every key is proved afterwards
create table orders (
    id uuid primary key default gen_random_uuid(),
    first_line_id uuid not null
);
create table order_lines (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references orders,
    quantity int not null check (quantity > 0)
);
alter table orders add foreign key (first_line_id) references order_lines;
