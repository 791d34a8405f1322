-- promise: text of every kind fits its length, also where that is tiny, and bits and bytes too
create table texts (
    id serial primary key,
    a text not null, b varchar not null, c varchar(1) not null, d char(3) not null, e "char" not null,
    f name not null, g bit(5) not null, h bit varying(7) not null, i bytea not null, j varchar(2) not null unique
);
