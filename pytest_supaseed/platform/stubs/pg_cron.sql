-- pg_cron: jobs are written down as the real one writes them down, and never run. May be run again.
create schema if not exists cron;
create sequence if not exists cron.jobid_seq;
create sequence if not exists cron.runid_seq;

create table if not exists cron.job (
    jobid bigint primary key default nextval('cron.jobid_seq'),
    schedule text not null,
    command text not null,
    nodename text not null default 'localhost',
    nodeport integer not null default coalesce(inet_server_port(), current_setting('port')::integer),
    database text not null default current_database(),
    username text not null default current_user,
    active boolean not null default true,
    jobname text,
    constraint jobname_username_uniq unique (jobname, username)
);
create table if not exists cron.job_run_details (
    jobid bigint,
    runid bigint primary key default nextval('cron.runid_seq'),
    job_pid integer,
    database text,
    username text,
    command text,
    status text,
    return_message text,
    start_time timestamptz,
    end_time timestamptz
);

alter table cron.job enable row level security;
alter table cron.job_run_details enable row level security;
drop policy if exists cron_job_policy on cron.job;
create policy cron_job_policy on cron.job using (username = current_user);
drop policy if exists cron_job_run_details_policy on cron.job_run_details;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- Five fields, a macro, or `n seconds`; names of months and days may be written out in three letters.
create or replace function cron.supaseed_check_schedule(schedule text) returns void language plpgsql immutable as $$
declare
    item constant text := '(\*|[0-9]{1,2}|[a-z]{3})(-([0-9]{1,2}|[a-z]{3}))?(/[0-9]{1,2})?';
    list constant text := format('%s(,%s)*', item, item);
begin
    if schedule is null
        or (
            lower(btrim(schedule)) !~ format('^(%s|\$)(\s+(%s|\$)){4}$', list, list)
            and lower(btrim(schedule)) !~ '^@(yearly|annually|monthly|weekly|daily|midnight|hourly|reboot)$'
            and lower(btrim(schedule)) !~ '^([1-9]|[1-5][0-9])\s+seconds?$'
        )
    then
        raise exception 'invalid schedule: %', schedule
            using errcode = 'invalid_parameter_value',
                hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
    end if;
end
$$;

-- The row is the caller's: these functions run as the owner of `cron`, and are told who called.
create or replace function cron.supaseed_schedule(
    name text, schedule text, command text, database text, username text, active boolean
) returns bigint language plpgsql security definer set search_path = '' as $$
declare
    id bigint;
begin
    perform cron.supaseed_check_schedule(schedule);
    if name is null then
        insert into cron.job (schedule, command, database, username, active)
        values ($2, $3, $4, $5, $6)
        returning jobid into id;
    else
        insert into cron.job (jobname, schedule, command, database, username, active)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint jobname_username_uniq do update
        set schedule = excluded.schedule, command = excluded.command, database = excluded.database,
            active = excluded.active
        returning jobid into id;
    end if;
    return id;
end
$$;

create or replace function cron.schedule(schedule text, command text) returns bigint language sql strict as $$
    select cron.supaseed_schedule(null, $1, $2, current_database(), current_user, true)
$$;
create or replace function cron.schedule(job_name text, schedule text, command text) returns bigint
language plpgsql as $$
begin
    if job_name is null then
        raise exception 'job_name can not be NULL' using errcode = 'null_value_not_allowed';
    end if;
    return cron.supaseed_schedule(job_name, schedule, command, current_database(), current_user, true);
end
$$;
create or replace function cron.schedule_in_database(
    job_name text, schedule text, command text, database text, username text default null, active boolean default true
) returns bigint language sql as $$
    select cron.supaseed_schedule($1, $2, $3, $4, coalesce($5, current_user), coalesce($6, true))
$$;

create or replace function cron.supaseed_unschedule(id bigint, name text, caller text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
    delete from cron.job as job
    where job.username = caller and (job.jobid = id or job.jobname = name);
    if not found then
        raise exception 'could not find valid entry for job %', coalesce(id::text, quote_literal(name))
            using errcode = 'undefined_object';
    end if;
    return true;
end
$$;
create or replace function cron.unschedule(job_id bigint) returns boolean language sql strict as $$
    select cron.supaseed_unschedule($1, null, current_user)
$$;
create or replace function cron.unschedule(job_name text) returns boolean language sql strict as $$
    select cron.supaseed_unschedule(null, $1, current_user)
$$;

create or replace function cron.supaseed_alter_job(
    id bigint, schedule text, command text, database text, username text, active boolean, caller text
) returns void language plpgsql security definer set search_path = '' as $$
begin
    if schedule is not null then
        perform cron.supaseed_check_schedule(schedule);
    end if;
    update cron.job as job set
        schedule = coalesce($2, job.schedule),
        command = coalesce($3, job.command),
        database = coalesce($4, job.database),
        username = coalesce($5, job.username),
        active = coalesce($6, job.active)
    where job.jobid = $1 and job.username = $7;
    if not found then
        raise exception 'Job % does not exist or you don''t own it', id using errcode = 'undefined_object';
    end if;
end
$$;
create or replace function cron.alter_job(
    job_id bigint, schedule text default null, command text default null, database text default null,
    username text default null, active boolean default null
) returns void language sql as $$
    select cron.supaseed_alter_job($1, $2, $3, $4, $5, $6, current_user)
$$;

grant select on cron.job to public;
grant select, delete on cron.job_run_details to public;
grant select on sequence cron.jobid_seq, cron.runid_seq to public;
grant usage on schema cron to :"owner" with grant option;
grant all on cron.job_run_details to :"owner" with grant option;
grant select on cron.job to :"owner" with grant option;
revoke all on function cron.alter_job(bigint, text, text, text, text, boolean) from public;
revoke all on function cron.schedule_in_database(text, text, text, text, text, boolean) from public;
grant execute on all functions in schema cron to :"owner" with grant option;
