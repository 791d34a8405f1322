-- promise: the row of a base table that a BEFORE trigger makes is made once, and its own keys hold
-- expect: select count(*) = (select count(*) from cards) + (select count(*) from transfers) from payments
-- expect: select count(*) = 60 from cards
-- expect: select count(*) = 60 from transfers
-- expect: select count(*) = 60 from refunds
-- expect: select count(*) = 0 from cards where legacy_code is not null
create table accounts (id uuid primary key);
create table payments (
    id uuid primary key,
    account_id uuid not null references accounts,
    label text not null,
    unique (account_id, label)
);
create function insert_payment() returns trigger language plpgsql as $$
begin
    if new.legacy_code is not null then
        raise exception 'legacy_code cannot be set any more';
    end if;
    insert into payments (id, account_id, label) values (new.id, new.account_id, new.label);
    return new;
end $$;
create table cards (
    id uuid primary key references payments,
    account_id uuid not null,
    label text not null,
    legacy_code text,
    number text not null
);
create trigger insert_payment before insert on cards for each row execute function insert_payment();
create table transfers (
    id uuid primary key references payments,
    account_id uuid not null,
    label text not null,
    legacy_code text,
    iban text not null
);
create trigger insert_payment before insert on transfers for each row execute function insert_payment();
create table refunds (id serial primary key, payment_id uuid not null references payments);
