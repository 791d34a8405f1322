-- moddatetime: a trigger function that sets the column which is its argument to the time of the transaction. May be
-- run again.
create or replace function @extschema@.moddatetime() returns trigger language plpgsql as $$
begin
    if tg_level <> 'ROW' then
        raise exception 'moddatetime: must be fired for row' using errcode = 'trigger_protocol_violated';
    end if;
    if tg_when <> 'BEFORE' then
        raise exception 'moddatetime: must be fired before event' using errcode = 'trigger_protocol_violated';
    end if;
    if tg_op <> 'UPDATE' then
        raise exception 'moddatetime: cannot process % events', tg_op using errcode = 'trigger_protocol_violated';
    end if;
    if tg_nargs <> 1 then
        raise exception 'moddatetime: a single argument was expected' using errcode = 'trigger_protocol_violated';
    end if;
    perform from pg_catalog.pg_attribute
    where attrelid = tg_relid and attname = tg_argv[0] and not attisdropped
        and atttypid in ('timestamp'::regtype, 'timestamptz'::regtype);
    if not found then
        raise exception '"%" has no column "%" of type timestamp or timestamptz', tg_table_name, tg_argv[0]
            using errcode = 'trigger_protocol_violated';
    end if;
    return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], now()));
end
$$;
