-- Migrations add their tables to it, and realtime streams what it holds.
create publication supabase_realtime;
alter publication supabase_realtime owner to :"owner";
