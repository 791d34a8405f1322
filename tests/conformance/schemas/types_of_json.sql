-- promise: JSON has the shape that its check or its default asks for
create table documents (
    id serial primary key,
    a json not null,
    b jsonb not null,
    settings jsonb not null default '{"theme": "dark", "size": 3}' check (jsonb_typeof(settings) = 'object'),
    items jsonb not null check (jsonb_typeof(items) = 'array'),
    place jsonb not null check (place ? 'lat' and place ? 'lon')
);
