-- promise: a foreign key to a unique column that is no primary key, of any type, is followed
create domain isbn as text check (value ~ '^[0-9]{13}$');
create table books (id serial primary key, isbn isbn not null unique, title text not null);
create table copies (id serial primary key, isbn isbn not null references books (isbn));
create table languages (code char(2) primary key, name text not null);
create table translations (
    isbn isbn not null references books (isbn),
    language char(2) not null references languages,
    primary key (isbn, language)
);
create table days (day date primary key);
create table openings (id serial primary key, day date not null references days, hour time not null);
