-- promise: triggers that rewrite rows are survived, and so are those that refuse some of them
create table posts (
    id serial primary key,
    title text not null,
    slug text,
    rating int not null,
    updated_at timestamptz
);
create function prepare_post() returns trigger language plpgsql as $$
begin
    new.slug := lower(replace(new.title, ' ', '-'));
    new.updated_at := now();
    if new.rating % 10 = 3 then
        raise exception 'no rating may end in three';
    end if;
    return new;
end $$;
create trigger before_post before insert or update on posts for each row execute function prepare_post();
create table replies (id serial primary key, post_id int not null references posts, body text not null);
