-- promise: lists, lengths, patterns and regular expressions of text are solved
create table texts (
    id serial primary key,
    a text not null check (a in ('draft', 'published')),
    b text not null check (b <> ''),
    c text not null check (length(c) between 3 and 5),
    d text not null check (char_length(d) = 10),
    e text not null check (octet_length(e) <= 4),
    f text not null check (f like 'INV-%'),
    g text not null check (g ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    h text not null check (h ~* '^https?://'),
    i text not null check (i = lower(i)),
    j text not null check (trim(j) <> '' and length(trim(j)) > 2),
    k char(2) not null check (k = upper(k)),
    l text not null unique check (l ~ '^[0-9]{4}$'),
    m text not null check (m !~ '\s'),
    n text not null check (position('@' in n) > 1),
    o varchar(20) not null check (o similar to '(red|green)-[0-9]+')
);
