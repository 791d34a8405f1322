-- promise: a key that is unique too gets one row for each parent, and never more than there are
create table users (id uuid primary key default gen_random_uuid(), name text not null);
create table profiles (user_id uuid primary key references users, bio text);
create table preferences (id serial primary key, user_id uuid not null unique references users, theme text);
create table avatars (profile_id uuid primary key references profiles, url text not null);
