-- promise: triggers and checks whose functions count on the schema's own search path are served
-- expect: select count(*) = 60 from shop.wares
create schema shop;
set search_path = shop;
create table wares (id serial primary key, name text not null);
create table wares_log (ware_id int not null, noted boolean not null default true);
create function note_ware() returns trigger language plpgsql as $$
begin
    insert into wares_log (ware_id) values (new.id);
    return null;
end $$;
create trigger noted after insert on wares for each row execute function note_ware();
create function fits(t text) returns boolean language plpgsql as $$
begin
    return t is not null and (select count(*) >= 0 from wares_log);
end $$;
create table labels (id serial primary key, label text not null check (shop.fits(label)));
