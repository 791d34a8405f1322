-- promise: a trigger that lets no row pass is off while its table is filled, and that is said with its reason
-- note: the archive is closed
create table archive (id serial primary key, title text not null);
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the archive is closed';
end $$;
create trigger never before insert on archive for each row execute function refuse();
create table boxes (id serial primary key, archive_id int not null references archive);
create table hints (id serial primary key, archive_id int references archive, hint text not null);
