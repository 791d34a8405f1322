-- promise: rows that only a trigger makes are counted, referred to, and never made a second time
-- expect: select count(*) = (select count(*) from people) from profiles
-- expect: select count(*) = 60 from badges
create table people (id uuid primary key default gen_random_uuid(), email text not null unique);
create table profiles (id uuid primary key references people, nickname text not null);
create function add_profile() returns trigger language plpgsql as $$
begin
    insert into public.profiles (id, nickname) values (new.id, split_part(new.email, '@', 1));
    return new;
end $$;
create trigger on_person after insert on people for each row execute function add_profile();
create table badges (
    id serial primary key,
    profile_id uuid not null references profiles,
    label text not null
);
