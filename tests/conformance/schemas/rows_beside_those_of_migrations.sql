-- promise: a table with a single row that others refer to gets more beside it; lists of values stay as they are
-- expect: select count(*) = 60 from tenants
-- expect: select count(*) = 1 from tenants where id = 'global' and name = 'Everybody'
-- expect: select count(*) = 60 from members
-- expect: select count(*) = 3 from states
-- expect: select count(*) = 60 from folders
-- expect: select count(*) = 60 from projects
-- expect: select count(*) = 1 from folders where parent_id is null
-- expect: select count(*) = 1 from settings
create table states (name text primary key);
insert into states values ('open'), ('closed'), ('gone');
create table tenants (id text primary key, name text not null unique);
insert into tenants values ('global', 'Everybody');
create table members (id serial primary key, tenant_id text not null references tenants, email text not null unique);
insert into members (tenant_id, email) values ('global', 'root@example.com'), ('global', 'guest@example.com');
create table projects (
    id serial primary key,
    tenant_id text not null references tenants check (length(tenant_id) > 6),
    owner_id int not null references members,
    state text not null references states
);
create table folders (id serial primary key, parent_id int references folders, name text not null);
insert into folders (name) values ('root');
create table files (id serial primary key, folder_id int not null references folders);
create table settings (id boolean primary key default true check (id), members int not null);
insert into settings values (true, 7);
create table setting_changes (id serial primary key, setting_id boolean not null references settings);
