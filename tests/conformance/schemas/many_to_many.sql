-- promise: a table whose primary key is the pair of its parents holds each pair once
create table students (id serial primary key, name text not null);
create table courses (id serial primary key, title text not null);
create table enrolments (
    student_id int references students,
    course_id int references courses,
    grade numeric(2, 1) check (grade between 1 and 6),
    primary key (student_id, course_id)
);
create table tutors (
    student_id int not null references students,
    tutor_id int not null references students,
    primary key (student_id, tutor_id),
    check (student_id <> tutor_id)
);
create table exams (
    student_id int not null,
    course_id int not null,
    attempt smallint not null check (attempt in (1, 2, 3)),
    primary key (student_id, course_id, attempt),
    foreign key (student_id, course_id) references enrolments
);
