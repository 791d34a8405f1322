-- promise: of a table's triggers only the one that lets no row pass is off, and it is named
-- note: its triggers (wants_an_item) let no row pass
-- expect: select count(*) = 60 from orders where slug = lower(title)
-- expect: select count(*) = 60 from items
create table orders (id serial primary key, title text not null, slug text not null default '');
create table items (id serial primary key, order_id int not null references orders);
create function make_slug() returns trigger language plpgsql as $$
begin
    new.slug := lower(new.title);
    return new;
end $$;
create trigger make_slug before insert on orders for each row execute function make_slug();
create function wants_an_item() returns trigger language plpgsql as $$
begin
    if not exists (select from items where order_id = new.id) then
        raise exception 'an order has an item';
    end if;
    return null;
end $$;
create constraint trigger wants_an_item after insert on orders deferrable initially deferred
    for each row execute function wants_an_item();
