-- promise: a circle without a nullable key is filled where a key of it can be deferred
create table husbands (
    id int primary key,
    wife_id int not null
);
create table wives (
    id int primary key,
    husband_id int not null references husbands deferrable initially deferred
);
alter table husbands add foreign key (wife_id) references wives deferrable initially deferred;
