-- promise: a key that a check wants set is never left NULL, be its column nullable or not
-- expect: select count(*) = 60 from issues
-- expect: select count(*) = 60 from findings
-- expect: select count(*) = 60 from upstreams
create table findings (id serial primary key, issue_id int, place text not null);
create table issues (
    id serial primary key,
    finding_id int references findings check (finding_id is not null),
    title text check (left(btrim(title), 4) = 'bug:' or left(btrim(title), 5) = 'wish:')
);
alter table findings add foreign key (issue_id) references issues;
create table upstreams (
    id serial primary key,
    group_id int not null,
    local_group_id int,
    local_project_id int,
    check (num_nonnulls(local_group_id, local_project_id) = 1)
);
create unique index on upstreams (local_group_id, group_id) where local_group_id is not null;
create unique index on upstreams (local_project_id, group_id) where local_project_id is not null;
