-- promise: checks that tie columns together are solved
create table articles (id serial primary key, title text not null);
create table photos (id serial primary key, url text not null);
create table comments (
    id serial primary key,
    article_id int references articles,
    photo_id int references photos,
    body text not null,
    check (num_nonnulls(article_id, photo_id) = 1)
);
create table likes (
    id serial primary key,
    article_id int references articles,
    photo_id int references photos,
    check ((article_id is not null)::int + (photo_id is not null)::int = 1)
);
create table reactions (
    id serial primary key,
    article_id int references articles,
    photo_id int references photos,
    check ((article_id is null and photo_id is not null) or (article_id is not null and photo_id is null))
);
create table events (
    id serial primary key,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    low int not null,
    high int not null,
    check (ends_at > starts_at),
    check (low <= high)
);
create table subscriptions (
    id serial primary key,
    status text not null check (status in ('active', 'cancelled')),
    cancelled_at timestamptz,
    kind text not null,
    price numeric(8, 2),
    check ((status = 'cancelled') = (cancelled_at is not null)),
    check (case kind when 'free' then price is null when 'paid' then price > 0 else false end)
);
create table transfers (
    id serial primary key,
    from_id int not null references articles,
    to_id int not null references articles,
    amount int not null,
    fee int not null,
    total int not null,
    check (from_id <> to_id),
    check (total = amount + fee)
);
