-- Tables whose rows have to be solved for: one difficulty of CHECK constraints each, or a few that meet.
-- Those named single_* hold one row only.
create type kind as enum('a','b','c');
create domain positive as int check (value > 0);
create domain small as positive check (value < 10);
create domain email as text check (value ~ '^[^@\s]+@[^@\s]+\.[a-z]+$');
create domain slug as text check (value ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$' and length(value) <= 20);
create domain tags as slug[] check (cardinality(value) <= 4);
create domain usd as numeric(12,2) check (value >= 0) not null;
create table parent (id integer primary key, name text);
insert into parent select n, 'parent ' || n from generate_series(1, 50) n;
create table ranges(
    id int primary key,
    rating int not null check (rating between 1 and 5),
    price numeric(10,2) not null check (price > 0 and price < 50),
    qty int check (qty >= 0)
);
create table published_when_live(
    id int primary key,
    status text not null check (status in ('draft','live','dead')),
    published_at timestamptz,
    check ((status='live') = (published_at is not null))
);
create table moment_between(
    id int primary key,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    check (ends_at > starts_at),
    mid timestamptz,
    check (mid between starts_at and ends_at)
);
create table one_of_three_parents(
    id int primary key,
    a_id int references parent,
    b_id int references parent,
    c_id int references parent,
    check (num_nonnulls(a_id,b_id,c_id)=1)
);
create table one_of_two_parents(
    id int primary key,
    a_id int references parent,
    b_id int references parent,
    check ((a_id is not null)::int + (b_id is not null)::int = 1)
);
create table parent_by_kind(
    id int primary key,
    kind kind not null,
    a_id int references parent,
    b_id int references parent,
    check ((kind='a' and a_id is not null and b_id is null) or (kind='b' and b_id is not null and a_id is null) or (kind='c' and a_id is null and b_id is null))
);
create table patterns(
    id int primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    code varchar(8) not null check (code ~ '^[A-Z]{3}-[0-9]{4}$'),
    color text check (color ~* '^#[0-9a-f]{6}$')
);
create table single_number(
    id int primary key check (id = 1),
    name text not null check (char_length(name) between 3 and 10)
);
create table single_truth(
    id bool primary key default true check (id),
    name text not null check (name <> '')
);
create table json_shapes(
    id int primary key,
    meta jsonb not null check (jsonb_typeof(meta)='array'),
    m2 jsonb not null default '{}' check (jsonb_typeof(m2)='object' and m2 ? 'key'),
    m3 jsonb check ((m3->>'a') is not null and jsonb_typeof(m3->'b')='number')
);
create table array_lengths(
    id int primary key,
    tags text[] not null check (cardinality(tags) between 1 and 3),
    t2 text[] check (array_length(t2,1) > 2),
    t3 text[] not null default '{}' check (t3 <@ array['x','y'])
);
create table domains(
    id int primary key,
    a small not null,
    b positive,
    e email not null,
    l small[] not null check (cardinality(l) > 0)
);
create table coupled_nulls(
    id int primary key,
    a int,
    b int,
    check ((a is null) = (b is null)),
    c text,
    d text,
    check (c is null or d is not null)
);
create table clock(
    id int primary key,
    born date not null check (born < now() - interval '18 years'),
    expires timestamptz not null check (expires > now()),
    seen timestamptz check (seen <= now()),
    d date not null check (d >= '2020-01-01' and d < '2021-01-01')
);
create table case_by_kind(
    id int primary key,
    kind text not null check (kind in ('fixed','percent')),
    amount numeric not null,
    check (case when kind='percent' then amount between 0 and 100 else amount > 500 end)
);
create table text_forms(
    id int primary key,
    email text not null check (email = lower(email)),
    code char(3) not null check (code = upper(code) and length(code)=3),
    phone text not null check (phone ~ '^\+[1-9][0-9]{1,14}$'),
    url text check (url ~ '^https?://')
);
create table coordinates(
    id int primary key,
    lat double precision not null check (lat >= -90 and lat <= 90),
    lng double precision not null check (lng between -180 and 180),
    pct real not null check (pct >= 0 and pct <= 1)
);
create table sums(
    id int primary key,
    "from" int not null,
    "to" int not null,
    check ("from" < "to"),
    total numeric(12,2) not null,
    net numeric(12,2) not null,
    tax numeric(12,2) not null,
    check (total = net + tax)
);
create table digests(
    id int primary key,
    hash bytea not null check (octet_length(hash)=32),
    h2 text not null check (length(h2)=64),
    h3 text not null check (h3 ~ '^[0-9a-f]{64}$')
);
create table optional_order(
    id int primary key,
    min_v int,
    max_v int,
    check (min_v is null or max_v is null or min_v <= max_v),
    month int not null check (month >= 1 and month <= 12),
    even int not null check (even % 2 = 0)
);
create table states(
    id int primary key,
    state text not null,
    approved_at timestamptz,
    rejected_at timestamptz,
    check (state in ('pending','approved','rejected')),
    check (state <> 'approved' or approved_at is not null),
    check (state <> 'rejected' or rejected_at is not null),
    check (state <> 'pending' or (approved_at is null and rejected_at is null)),
    check (not (approved_at is not null and rejected_at is not null))
);
create table user_names(
    id int primary key,
    username text not null unique check (char_length(username) >= 3 and char_length(username) <= 20 and username ~ '^[a-zA-Z0-9_]+$'),
    w float8 generated always as (1.5) stored,
    q int not null,
    g int generated always as (q * 2) stored check (g < 100)
);
create table times_of_day(
    id int primary key,
    open_t time not null,
    close_t time not null check (close_t > open_t),
    dur interval not null check (dur > '0' and dur <= '2 hours'),
    dow int[] not null check (dow <@ array[0,1,2,3,4,5,6] and cardinality(dow)>0)
);
create table text_lengths(
    id int primary key,
    bio text check (char_length(bio) <= 12),
    title text not null check (length(trim(title)) > 0),
    n text not null check (n !~ '\s'),
    l text not null check (l like 'AB-%'),
    nl text not null check (nl not like '% %')
);
create table owners(
    id int primary key,
    owner_type text not null,
    owner_id uuid,
    team_id uuid,
    check (owner_type = any(array['user','team'])),
    check ((owner_type='user' and owner_id is not null and team_id is null) or (owner_type='team' and team_id is not null and owner_id is null))
);
create table booleans(
    id int primary key,
    a bool not null,
    b bool not null,
    check (not (a and b)),
    c bool not null check (c is true),
    d bool,
    check (d or c),
    primary_n int not null check (primary_n = 7)
);
create table parts_of_hundred(
    id int primary key,
    p int not null,
    q int not null,
    r int not null,
    check (p + q + r = 100),
    check (p >= 0),
    check (q >= 0),
    check (r >= 0)
);
create table casts(
    id int primary key,
    v inet not null check (family(v)=4),
    s smallint not null check (s > 0),
    y int not null check (y >= 1900 and y <= extract(year from now())),
    z text not null check (z::numeric > 0)
);
create table truncated_dates(
    id int primary key,
    week_start date not null check (extract(isodow from week_start)=1),
    m date not null check (date_trunc('month', m) = m),
    h timestamptz not null check (extract(minute from h) = 0 and extract(second from h) = 0)
);
create table coalesced(
    id int primary key,
    a text,
    b text,
    c text,
    check (coalesce(a,b,c) is not null),
    check (coalesce(length(a),0) < 5),
    n int check (coalesce(n,0) >= 3)
);
create table codes(
    id int primary key,
    cur char(3) not null check (cur ~ '^[A-Z]{3}$'),
    country varchar(2) not null check (country = upper(country)),
    a int not null check (a <> 0),
    b int not null check (b not in (1,2,3,4)),
    e kind not null check (e <> 'b')
);
create table soft_deleted(
    id int primary key,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (updated_at >= created_at),
    check (deleted_at is null or deleted_at >= created_at),
    valid tstzrange check (not isempty(valid))
);
create table tree(
    id int primary key,
    parent_id int references tree,
    path text not null check (path ~ '^(/[a-z]+)+$'),
    depth int not null check (depth >= 0 and depth <= 5),
    check (parent_id <> id),
    check ((parent_id is null) = (depth = 0))
);
create table products(
    id int primary key,
    x int not null,
    y int not null,
    check (x <> y),
    check (x > 0 and y > 0),
    check (x * y < 1000)
);
create table grammars(
    id int primary key,
    k text not null check (k similar to '(red|green)[0-9]+'),
    v varchar(5) not null check (v = any (array['aaaaa','bbbbb'])),
    ip text not null check (ip ~ '^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$'),
    ver text not null check (ver ~ '^\d+\.\d+\.\d+(-[a-z]+)?$')
);
create table combined_text(
    id int primary key,
    u text not null,
    check (u = lower(u) and u ~ '^[a-z][a-z0-9_]{2,30}$' and u not in ('admin','root')),
    unique(u)
);
create table narrow_numbers(
    id int primary key,
    a numeric(3,2) not null check (a >= 0 and a <= 1),
    b numeric not null check (b > 0.001 and b < 0.002),
    big bigint not null check (big > 5000000000),
    neg int not null check (neg < 0),
    s2 smallint not null check (s2 between 30000 and 32767)
);
create table payments(
    id int primary key,
    subtotal numeric(10,2) not null check (subtotal >= 0),
    discount numeric(10,2) not null check (discount >= 0),
    check (discount <= subtotal),
    paid bool not null,
    paid_at timestamptz,
    check (paid = (paid_at is not null)),
    refunded_at timestamptz,
    check (refunded_at is null or paid)
);
create table variants(
    id int primary key,
    kind int not null check (kind in (1,2,3)),
    a text,
    b int,
    c date,
    check ((kind=1 and num_nonnulls(a,b,c)=1 and a is not null) or (kind=2 and b is not null and a is null and c is null) or (kind=3 and c is not null and num_nulls(a,b)=2))
);
create table functions(
    id int primary key,
    a int not null check (abs(a) <= 10),
    b int not null check (greatest(b, 5) = 5),
    c text not null check (left(c,2) = 'ab'),
    d text not null check (position('@' in d) > 1),
    e text not null check (d <> e)
);
create table two_different_parents(
    id int primary key,
    a_id int not null references parent,
    b_id int not null references parent,
    check (a_id <> b_id)
);
create table ordered_parents(
    id int primary key,
    a_id int not null references parent,
    b_id int not null references parent,
    check (a_id < b_id)
);
create table polymorphic(
    id bigint generated always as identity primary key,
    name text not null,
    constraint x check (char_length(name) <= 255),
    html text check (char_length(html) <= 10),
    group_id int references parent,
    project_id int references parent,
    check (num_nonnulls(group_id, project_id) = 1)
);
create table exclusive_or(
    id int primary key,
    a int references parent,
    b int references parent,
    check ((a is null) <> (b is null))
);
create table more_grammars(
    id int primary key,
    name text not null check (name !~ '^\s*$'),
    c text not null check (position(' ' in c) = 0),
    cron text not null check (cron ~ '^(\S+\s+){4}\S+$'),
    sem text not null check (sem ~ '^v?[0-9]+(\.[0-9]+){0,2}$')
);
create table validity(
    id int primary key,
    valid_from date not null,
    valid_to date,
    check (valid_from < coalesce(valid_to, 'infinity'::date)),
    s date,
    e date,
    check (e > s or e is null),
    check (s is not null or e is null)
);
create table letters(
    id int primary key,
    em text not null unique check (em ~ '^[^@]+@[^@]+\.[a-z]{2,}$'),
    a text not null,
    b text not null,
    check (lower(a) <> lower(b)),
    tok text not null unique check (length(tok)=40)
);
create table settings(
    id int primary key,
    conf jsonb not null default '{}'::jsonb,
    check (conf ? 'version' and jsonb_typeof(conf->'version')='string'),
    prefs jsonb not null check (jsonb_typeof(prefs->'notifications')='object' and jsonb_typeof(prefs#>'{notifications,email}')='boolean'),
    arr jsonb check (jsonb_typeof(arr)='array' and jsonb_array_length(arr) between 1 and 5),
    cap jsonb check (cap @> '{"type":"x"}'),
    tt jsonb check (tt->>'type' in ('p','q'))
);
create table jobs(
    id int primary key,
    status text not null default 'new',
    started timestamptz,
    finished timestamptz,
    error text,
    check (status = any(array['new','running','done','failed'])),
    check ((status in ('new')) = (started is null)),
    check ((status in ('done','failed')) = (finished is not null)),
    check ((status='failed') = (error is not null)),
    check (finished is null or finished >= started)
);
create table schedules(
    id int primary key,
    day_of_week smallint check (day_of_week between 0 and 6),
    day_of_month smallint check (day_of_month between 1 and 31),
    freq text not null check (freq in ('daily','weekly','monthly')),
    check (case freq when 'weekly' then day_of_week is not null and day_of_month is null when 'monthly' then day_of_month is not null and day_of_week is null else day_of_week is null and day_of_month is null end)
);
create table target_between(
    id int primary key,
    lo numeric not null,
    hi numeric not null,
    target numeric not null,
    check (lo <= target and target <= hi),
    check (lo >= 0),
    check (hi <= 1)
);
create table percentages(
    id int primary key,
    percent_a int not null check (percent_a between 0 and 100),
    percent_b int not null check (percent_b between 0 and 100),
    check (percent_a + percent_b = 100),
    w int not null,
    h int not null,
    check (w * h <= 5000),
    check (w >= 1 and h >= 1)
);
create table balances(
    id int primary key,
    balance numeric(12,2) not null default 0 check (balance >= 0),
    held numeric(12,2) not null default 0 check (held >= 0 and held <= balance),
    cur text not null check (cur = upper(cur) and char_length(cur) = 3)
);
create table months(
    id int primary key,
    year smallint not null check (year between 1900 and 2100),
    month smallint not null check (month between 1 and 12),
    unique (year, month),
    rank int not null unique check (rank between 1 and 500)
);
create table at_most_two(
    id uuid primary key,
    a text,
    b text,
    c text,
    check (not (a is null and b is null and c is null)),
    check ((a is not null)::int + (b is not null)::int + (c is not null)::int <= 2),
    only_one bool not null,
    check (only_one = false or c is not null)
);
create table fields_of_dates(
    id int primary key,
    ip inet check (masklen(ip) = 32),
    t timestamptz check (date_trunc('hour', t) = t),
    d date not null check (extract(day from d) = 1),
    tm time not null check (tm between '09:00' and '17:00')
);
create table slugs(
    id int primary key,
    s slug not null unique,
    t tags not null,
    p usd,
    s2 slug
);
create table kinds(
    id int primary key,
    kind kind not null,
    amount int,
    ratio numeric,
    check ((kind = 'a' and amount is not null and ratio is null) or (kind = 'b' and ratio > 0 and ratio <= 1 and amount is null) or kind = 'c')
);
create table signs(
    id int primary key,
    type text not null check (type in ('credit','debit')),
    amt numeric(10,2) not null,
    check ((type='credit' and amt > 0) or (type='debit' and amt < 0))
);
create table chain(
    id int primary key,
    x1 int not null,
    x2 int not null,
    x3 int not null,
    x4 int not null,
    check (x1 < x2 and x2 < x3 and x3 < x4),
    check (x1 >= 10 and x4 <= 60)
);
create table addresses(
    id int primary key,
    uri text not null check (uri ~ '^(https?|ftp)://[^\s/$.?#].[^\s]*$'),
    uid text not null check (uid ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
    hex text not null check (hex ~ '^([0-9a-f]{2})+$'),
    e164 text not null check (e164 ~ '^\+?[0-9 ()-]{7,20}$'),
    iso text not null check (iso ~ '^\d{4}-(0[1-9]|1[0-2])$')
);
create table passwords(
    id int primary key,
    password text not null check (length(password) >= 8 and password ~ '[A-Z]' and password ~ '[0-9]' and password ~ '[a-z]'),
    lang text not null check (lang ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    k text not null check (k ~ '^(?!admin)[a-z]+$')
);
create table reviews(
    id int primary key,
    reviewed_at timestamptz,
    reviewer_id int references parent,
    check ((reviewed_at is null) = (reviewer_id is null)),
    locked bool not null default false,
    locked_at timestamptz,
    check (locked = (locked_at is not null))
);
create table parent_types(
    id int primary key,
    parent_type text,
    p1 int references parent,
    p2 int references parent,
    p3 int references parent,
    check (parent_type is null or parent_type in ('p1','p2','p3')),
    check ((parent_type = 'p1') = (p1 is not null)),
    check ((parent_type = 'p2') = (p2 is not null)),
    check ((parent_type = 'p3') = (p3 is not null))
);
create table defaults(
    id int primary key,
    min_a int,
    max_a int,
    dflt int,
    check (dflt >= min_a),
    check (dflt <= max_a),
    check (min_a < max_a),
    step int not null check (step > 0 and step <= 10),
    check (step < coalesce(max_a, 100))
);
create table "Quoted ""names"""(
    id int primary key,
    "Mixed Case" int not null check ("Mixed Case" > 5),
    "select" text not null check ("select" <> ''),
    "a""b" int not null check ("a""b" < 0)
);
create table blanks(
    id int primary key,
    t text not null check (t = btrim(t)),
    u text not null check (u = trim(lower(u)) and u <> ''),
    v text check (v is null or length(v) > 5),
    z varchar(3) not null check (length(z) >= 2),
    y text not null check (octet_length(y) <= 16)
);
create table expiry(
    id int primary key,
    exp_year int not null check (exp_year >= extract(year from now())),
    exp timestamptz not null check (exp > now() + interval '1 day'),
    born date check (born > '1900-01-01' and born < current_date),
    age int check (age is null or (age >= 18 and age < 120))
);
create table exactly_one(
    id int primary key,
    a bool,
    b bool,
    c bool,
    check (a or b or c),
    check (a is not null and b is not null and c is not null),
    check ((a::int + b::int + c::int) = 1)
);
create table periods(
    id int primary key,
    period tstzrange not null check (not isempty(period)),
    p2 daterange check (lower(p2) is not null),
    i4 int4range check (upper(i4) - lower(i4) < 10)
);
create table totals(
    id int primary key,
    qty int not null check (qty > 0),
    unit_price int not null check (unit_price >= 0),
    total int not null check (total = qty * unit_price),
    disc int not null check (disc between 0 and total)
);
create table constants(
    id int primary key,
    f text,
    check (f is not null),
    g text not null default 'x' check (g in ('x')),
    h int not null default 5 check (h = 5),
    i int check (i in (1)),
    j char(1) not null check (j in ('M','F')),
    k "char" not null check (k in ('a','b'))
);
create table pairs_in_arrays(
    id int primary key,
    arr int[] not null check (array_length(arr, 1) = 2 and arr[1] < arr[2]),
    u text[] not null check (cardinality(u) > 0 and array_position(u, null) is null)
);
create table handles(
    id int primary key,
    iban text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    handle varchar(30) not null unique check (handle = lower(handle) and handle ~ '^[a-z0-9_.]+$' and handle !~ '\.\.' and length(handle) >= 3)
);
create table contacts(
    id int primary key,
    email text check (email is null or email like '%@%.%'),
    phone text check (nullif(trim(phone), '') is not null or phone is null),
    check (coalesce(email, phone) is not null)
);
create table generated_names(
    id int primary key,
    first text,
    last text,
    full_name text generated always as (first || ' ' || last) stored check (length(full_name) <= 30)
);
create table limited(
    id int primary key,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    check (expires_at > created_at),
    check (expires_at <= created_at + interval '30 days')
);
create table roles(
    id int primary key,
    organization_id int references parent,
    permissions varchar[] not null default '{}',
    constraint own_ones_permit check (organization_id is null or cardinality(permissions) > 0),
    constraint shared_ones_permit_nothing check (organization_id is not null or cardinality(permissions) = 0),
    constraint no_empty_parts check (not permissions::text ~ '([\{,]:|::|:[,\}])' and not '' = any (permissions::text[]))
);
create table token_uses(
    id int primary key,
    issued timestamptz,
    deleted timestamptz default 'infinity'::timestamptz,
    last_seen timestamptz,
    active tstzrange not null default tstzrange(current_timestamp, current_timestamp, '[]'),
    valid tstzrange not null default tstzrange(current_timestamp, 'infinity'::timestamptz, '[]'),
    check (last_seen <= deleted),
    check (lower(active) = issued),
    check (upper(active) = last_seen),
    check (lower(valid) = issued),
    check (upper(valid) = deleted),
    check (active <@ valid)
);
create table range_ends(
    id int primary key,
    inside numrange not null check (inside <@ numrange(10, 20)),
    around daterange not null check (around @> '2025-03-01'::date and upper(around) < '2025-06-01'),
    meeting int4range not null check (meeting && '[5,9]'::int4range and lower(meeting) >= 7),
    place int not null check (int4range(3, 8) @> place)
);
