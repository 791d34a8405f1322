-- What is known of the template databases of this server. A row is written in the transaction that marks the
-- database as a template: there is no row without a whole template.
create table if not exists public.template (
    name name primary key,
    content text not null,
    made_at timestamptz not null default now(),
    used_at timestamptz not null default now()
)
