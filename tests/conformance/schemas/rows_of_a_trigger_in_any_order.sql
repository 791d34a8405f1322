-- promise: a table that a trigger fills is filled once, even where its name comes first in the alphabet
create table audit (id bigserial primary key, document_id int not null, at timestamptz not null default now());
create table documents (id serial primary key, title text not null);
create function note_document() returns trigger language plpgsql as $$
begin
    insert into audit (document_id) values (new.id);
    return null;
end $$;
create trigger on_document after insert on documents for each row execute function note_document();
