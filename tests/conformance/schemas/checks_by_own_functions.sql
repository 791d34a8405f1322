-- promise: a check that calls a function of the schema is met by trying values and letting Postgres judge
create function is_even(n int) returns boolean language sql immutable as 'select n % 2 = 0';
create function looks_like_code(t text) returns boolean language plpgsql immutable as $$
begin
    return length(t) > 3 and t is not null;
end $$;
create table numbers (
    id serial primary key,
    a int not null check (is_even(a)),
    b text not null check (looks_like_code(b)),
    c int not null,
    d int not null,
    check (is_even(c + d))
);
