-- The bucket of account pictures: a file is named after the account that it belongs to.

insert into storage.buckets (id, name, public, created_at, updated_at)
values ('account_image', 'account_image', true, '2026-01-01 00:00:00+00', '2026-01-01 00:00:00+00');

create function kit.get_storage_filename_as_uuid(name text) returns uuid
language sql immutable set search_path = '' as $$
  select split_part(storage.filename(name), '.', 1)::uuid
$$;
grant execute on function kit.get_storage_filename_as_uuid(text) to authenticated, service_role;

create policy account_image on storage.objects for all to authenticated
  using (bucket_id = 'account_image' and kit.get_storage_filename_as_uuid(name) = (select auth.uid()))
  with check (bucket_id = 'account_image' and kit.get_storage_filename_as_uuid(name) = (select auth.uid()));
