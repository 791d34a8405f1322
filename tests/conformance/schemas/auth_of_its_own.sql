-- promise: a project without Supabase that has schemas of the platform's names has its tables in them filled
-- expect: select count(*) = 60 from auth.users
-- expect: select count(*) = 60 from auth.tokens
-- expect: select count(*) = 60 from storage.files
create schema auth;
create domain auth.email as text check (value like '%_@_%');
create table auth.users (id serial primary key, mail auth.email not null unique);
create table auth.tokens (id uuid primary key, user_id int not null references auth.users);
create schema storage;
create table storage.files (id serial primary key, owner_id int not null references auth.users, name text not null);
