-- promise: a partitioned table without any partition gets one to hold its rows, and that is said
create table measurements (
    id bigint not null,
    taken_at timestamptz not null,
    value double precision not null,
    primary key (id, taken_at)
) partition by range (taken_at);
create table regions (id int not null, region text not null, primary key (id, region)) partition by list (region);
