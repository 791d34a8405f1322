-- promise: keys that share a column agree in it: an order's customer and product are of its tenant
create table tenants (id int generated always as identity primary key, name text not null);
create table customers (
    tenant_id int not null references tenants,
    id int not null,
    name text not null,
    primary key (tenant_id, id)
);
create table products (
    tenant_id int not null references tenants,
    sku text not null,
    price numeric(8, 2) not null check (price >= 0),
    primary key (tenant_id, sku)
);
create table orders (
    tenant_id int not null references tenants,
    id uuid not null default gen_random_uuid(),
    customer_id int not null,
    product_sku text not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers,
    foreign key (tenant_id, product_sku) references products
);
