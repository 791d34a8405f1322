-- The triggers by which a table's foreign keys check each row that comes in, by the key's name.
select trigger.tgname as trigger, key.conname as key
from pg_catalog.pg_trigger trigger
join pg_catalog.pg_constraint key on key.oid = trigger.tgconstraint and key.conrelid = trigger.tgrelid
where trigger.tgrelid = to_regclass(%(table)s)
  and trigger.tgisinternal
  and trigger.tgenabled = 'O'
  and trigger.tgtype & 4 <> 0  -- on insert (TRIGGER_TYPE_INSERT)
  and key.contype = 'f'
  and key.conname = any (%(keys)s)
order by trigger.tgname
