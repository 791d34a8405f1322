-- promise: unique indexes over expressions hold, and so do those over several columns
create table users (id serial primary key, email text not null, handle varchar(12) not null);
create unique index on users (lower(email));
create unique index on users (upper(handle));
create table words (language char(2) not null, word text not null, position int not null);
create unique index on words (language, lower(word));
create unique index on words (coalesce(position, 0));
create table files (id serial primary key, folder text not null, name text not null, unique (folder, name));
create unique index on files (md5(folder || '/' || name));
