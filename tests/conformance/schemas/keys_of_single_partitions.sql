-- promise: keys that stand on single partitions, or refer to one, hold; rows go where there is a partition
-- expect: select count(*) = 60 from labels
-- expect: select count(*) > 0 from photo_labels
-- expect: select count(*) > 0 from place_labels
-- expect: select count(*) = 60 from shared_runs
-- expect: select count(*) = 60 from notes
create table photos (id int primary key);
create table places (id int primary key);
create table labels (
    kind text not null, entity_id int not null, word text not null, primary key (kind, entity_id, word)
) partition by list (kind);
create table photo_labels partition of labels for values in ('photos');
alter table photo_labels add foreign key (entity_id) references photos;
create table place_labels partition of labels for values in ('places');
alter table place_labels add foreign key (entity_id) references places;
create table notes (
    id serial primary key, kind text not null, entity_id int not null, word text not null,
    foreign key (kind, entity_id, word) references labels
);
create table runners (id int not null, kind smallint not null, owner_id int, primary key (id, kind))
    partition by list (kind);
create table shared_runners partition of runners for values in (1);
alter table shared_runners add check (owner_id is null), add unique (id);
create table own_runners partition of runners for values in (2, 3);
alter table own_runners add check (owner_id is not null);
create table shared_runs (id serial primary key, runner_id int not null references shared_runners (id));
