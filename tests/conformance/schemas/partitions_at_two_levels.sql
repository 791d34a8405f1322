-- promise: rows of a partitioned table reach partitions that are there, at every level
-- expect: select count(*) = 60 from events
-- expect: select count(*) = 60 from hits
create table events (
    id bigint generated always as identity,
    country text not null,
    happened_on date not null,
    primary key (id, country, happened_on)
) partition by list (country);
create table events_de partition of events for values in ('de', 'at') partition by range (happened_on);
create table events_de_2024 partition of events_de for values from ('2024-01-01') to ('2025-01-01');
create table events_de_2025 partition of events_de for values from ('2025-01-01') to ('2025-07-01');
create table events_fr partition of events for values in ('fr');
create table hits (id int not null, bucket int not null, primary key (id)) partition by hash (id);
create table hits_0 partition of hits for values with (modulus 2, remainder 0);
create table hits_1 partition of hits for values with (modulus 2, remainder 1);
create table notes (
    id serial primary key,
    event_id bigint not null,
    country text not null,
    happened_on date not null,
    foreign key (event_id, country, happened_on) references events
);
