-- vector: a type that is kept as it was written, `[1,2,3]`, and computed with as float4 numbers. May be run again.
-- Needs a superuser: the type's input and output are functions of core Postgres (json's), and so are its index names,
-- `hnsw` and `ivfflat`, which are hash indexes here. They hold every vector and serve no search: ordering by a distance
-- sorts, and gives the exact neighbours. `with (lists = ...)` is refused; see index_parameters.py.
do $install$
begin
if to_regtype('@extschema@.vector') is not null then
    return;
end if;

create type @extschema@.vector;
create function @extschema@.vector_in(cstring) returns @extschema@.vector
language internal immutable strict parallel safe as 'json_in';
create function @extschema@.vector_out(@extschema@.vector) returns cstring
language internal immutable strict parallel safe as 'json_out';
create function @extschema@.vector_recv(internal) returns @extschema@.vector
language internal immutable strict parallel safe as 'json_recv';
create function @extschema@.vector_send(@extschema@.vector) returns bytea
language internal immutable strict parallel safe as 'json_send';
-- Of the core's functions, that of `bit` alone keeps the number as it stands: atttypmod is the dimension, as in the real one.
create function @extschema@.vector_typmod_in(cstring[]) returns integer
language internal immutable strict parallel safe as 'bittypmodin';
create type @extschema@.vector (
    input = @extschema@.vector_in,
    output = @extschema@.vector_out,
    receive = @extschema@.vector_recv,
    send = @extschema@.vector_send,
    typmod_in = @extschema@.vector_typmod_in,
    storage = external
);

-- Conversions. The third argument says whether a cast is explicit, and makes no difference.
create function @extschema@.array_to_vector(real[], integer, boolean) returns @extschema@.vector
language plpgsql immutable strict parallel safe as $$
begin
    if array_ndims($1) is distinct from 1 or cardinality($1) > 16000 then
        raise exception 'vector must have at least 1 dimension, and no more than 16000'
            using errcode = 'data_exception';
    end if;
    if array_position($1, null) is not null then
        raise exception 'array must not contain nulls' using errcode = 'null_value_not_allowed';
    end if;
    if $1 && '{NaN,Infinity,-Infinity}'::real[] then
        raise exception 'NaN and infinite values are not allowed in vector' using errcode = 'data_exception';
    end if;
    if $2 not in (-1, cardinality($1)) then
        raise exception 'expected % dimensions, not %', $2, cardinality($1) using errcode = 'data_exception';
    end if;
    return ('[' || array_to_string($1, ',') || ']')::@extschema@.vector;
end
$$;
create function @extschema@.array_to_vector(integer[], integer, boolean) returns @extschema@.vector
language sql immutable strict parallel safe as $$ select @extschema@.array_to_vector($1::real[], $2, $3) $$;
create function @extschema@.array_to_vector(double precision[], integer, boolean) returns @extschema@.vector
language sql immutable strict parallel safe as $$ select @extschema@.array_to_vector($1::real[], $2, $3) $$;
create function @extschema@.array_to_vector(numeric[], integer, boolean) returns @extschema@.vector
language sql immutable strict parallel safe as $$ select @extschema@.array_to_vector($1::real[], $2, $3) $$;
create function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) returns real[]
language sql immutable strict parallel safe as $$ select translate($1::text, '[]', '{}')::real[] $$;
create function @extschema@.vector(@extschema@.vector, integer, boolean) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select @extschema@.array_to_vector(@extschema@.vector_to_float4($1, -1, true), $2, $3)
$$;
create cast (@extschema@.vector as @extschema@.vector)
    with function @extschema@.vector(@extschema@.vector, integer, boolean) as implicit;
create cast (@extschema@.vector as real[])
    with function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) as implicit;
create cast (real[] as @extschema@.vector)
    with function @extschema@.array_to_vector(real[], integer, boolean) as assignment;
create cast (integer[] as @extschema@.vector)
    with function @extschema@.array_to_vector(integer[], integer, boolean) as assignment;
create cast (double precision[] as @extschema@.vector)
    with function @extschema@.array_to_vector(double precision[], integer, boolean) as assignment;
create cast (numeric[] as @extschema@.vector)
    with function @extschema@.array_to_vector(numeric[], integer, boolean) as assignment;

-- Distances.
create function @extschema@.supaseed_vector_pairs(
    a @extschema@.vector, b @extschema@.vector, out x double precision, out y double precision
) returns setof record language plpgsql immutable strict parallel safe as $$
declare
    left_side constant real[] := a::real[];
    right_side constant real[] := b::real[];
begin
    if cardinality(left_side) <> cardinality(right_side) then
        raise exception 'different vector dimensions % and %', cardinality(left_side), cardinality(right_side)
            using errcode = 'data_exception';
    end if;
    return query select l::double precision, r::double precision from unnest(left_side, right_side) as pair (l, r);
end
$$;
create function @extschema@.l2_distance(@extschema@.vector, @extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$
    select sqrt(sum((x - y) * (x - y))) from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.vector_l2_squared_distance(@extschema@.vector, @extschema@.vector)
returns double precision language sql immutable strict parallel safe as $$
    select sum((x - y) * (x - y)) from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.l1_distance(@extschema@.vector, @extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$
    select sum(abs(x - y)) from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.inner_product(@extschema@.vector, @extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$
    select sum(x * y) from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.vector_negative_inner_product(@extschema@.vector, @extschema@.vector)
returns double precision language sql immutable strict parallel safe as $$
    select -sum(x * y) from @extschema@.supaseed_vector_pairs($1, $2)
$$;
-- NaN where one has no length; else kept within 0 and 2, which rounding oversteps.
create function @extschema@.cosine_distance(@extschema@.vector, @extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$
    select case
        when sum(x * x) = 0 or sum(y * y) = 0 then 'NaN'
        else 1 - greatest(-1, least(1, sum(x * y) / sqrt(sum(x * x) * sum(y * y))))
    end
    from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create operator @extschema@.<-> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.l2_distance,
    commutator = operator(@extschema@.<->)
);
create operator @extschema@.<#> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector,
    function = @extschema@.vector_negative_inner_product, commutator = operator(@extschema@.<#>)
);
create operator @extschema@.<=> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.cosine_distance,
    commutator = operator(@extschema@.<=>)
);
create operator @extschema@.<+> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.l1_distance,
    commutator = operator(@extschema@.<+>)
);

-- Arithmetic.
create function @extschema@.vector_dims(@extschema@.vector) returns integer
language sql immutable strict parallel safe as $$ select cardinality($1::real[]) $$;
create function @extschema@.vector_norm(@extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$ select sqrt(sum(x * x)) from @extschema@.supaseed_vector_pairs($1, $1) $$;
create function @extschema@.l2_normalize(@extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select array_agg((case when norm = 0 then 0 else x / norm end)::real order by nr)::@extschema@.vector
    from unnest($1::real[]) with ordinality as element (x, nr),
        cast(@extschema@.vector_norm($1) as double precision) as norm
$$;
create function @extschema@.subvector(@extschema@.vector, integer, integer) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select (($1::real[])[greatest($2, 1) : $2 + $3 - 1])::@extschema@.vector
$$;
create function @extschema@.binary_quantize(@extschema@.vector) returns bit varying
language sql immutable strict parallel safe as $$
    select string_agg(case when x > 0 then '1' else '0' end, '' order by nr)::bit varying
    from unnest($1::real[]) with ordinality as element (x, nr)
$$;
create function @extschema@.vector_add(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select array_agg((x + y)::real)::@extschema@.vector from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.vector_sub(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select array_agg((x - y)::real)::@extschema@.vector from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.vector_mul(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select array_agg((x * y)::real)::@extschema@.vector from @extschema@.supaseed_vector_pairs($1, $2)
$$;
create function @extschema@.vector_concat(@extschema@.vector, @extschema@.vector) returns @extschema@.vector
language sql immutable strict parallel safe as $$ select ($1::real[] || $2::real[])::@extschema@.vector $$;
create operator @extschema@.+ (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_add,
    commutator = operator(@extschema@.+)
);
create operator @extschema@.- (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_sub
);
create operator @extschema@.* (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_mul,
    commutator = operator(@extschema@.*)
);
create operator @extschema@.|| (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_concat
);

create function @extschema@.supaseed_vector_accumulate(double precision[], @extschema@.vector)
returns double precision[] language sql immutable strict parallel safe as $$
    select case
        when cardinality($1) = 1 then array[1::double precision] || $2::real[]::double precision[]
        else (
            select array[$1[1] + 1] || array_agg(total + x order by nr)
            from unnest($1[2:], $2::real[]) with ordinality as element (total, x, nr)
        )
    end
$$;
create function @extschema@.supaseed_vector_mean(double precision[]) returns @extschema@.vector
language sql immutable strict parallel safe as $$
    select array_agg((total / $1[1])::real order by nr)::@extschema@.vector
    from unnest($1[2:]) with ordinality as element (total, nr)
    having $1[1] > 0
$$;
create aggregate @extschema@.avg(@extschema@.vector) (
    sfunc = @extschema@.supaseed_vector_accumulate, stype = double precision[],
    finalfunc = @extschema@.supaseed_vector_mean, initcond = '{0}', parallel = safe
);
create aggregate @extschema@.sum(@extschema@.vector) (
    sfunc = @extschema@.vector_add, stype = @extschema@.vector, combinefunc = @extschema@.vector_add, parallel = safe
);

-- Order: element by element, as arrays.
create function @extschema@.vector_cmp(@extschema@.vector, @extschema@.vector) returns integer
language sql immutable strict parallel safe as $$ select btarraycmp($1::real[], $2::real[]) $$;
create function @extschema@.vector_lt(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] < $2::real[] $$;
create function @extschema@.vector_le(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] <= $2::real[] $$;
create function @extschema@.vector_eq(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] = $2::real[] $$;
create function @extschema@.vector_ne(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] <> $2::real[] $$;
create function @extschema@.vector_ge(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] >= $2::real[] $$;
create function @extschema@.vector_gt(@extschema@.vector, @extschema@.vector) returns boolean
language sql immutable strict parallel safe as $$ select $1::real[] > $2::real[] $$;
create operator @extschema@.< (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_lt,
    commutator = operator(@extschema@.>), negator = operator(@extschema@.>=),
    restrict = scalarltsel, join = scalarltjoinsel
);
create operator @extschema@.<= (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_le,
    commutator = operator(@extschema@.>=), negator = operator(@extschema@.>),
    restrict = scalarlesel, join = scalarlejoinsel
);
create operator @extschema@.= (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_eq,
    commutator = operator(@extschema@.=), negator = operator(@extschema@.<>), restrict = eqsel, join = eqjoinsel
);
create operator @extschema@.<> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_ne,
    commutator = operator(@extschema@.<>), negator = operator(@extschema@.=), restrict = neqsel, join = neqjoinsel
);
create operator @extschema@.>= (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_ge,
    commutator = operator(@extschema@.<=), negator = operator(@extschema@.<),
    restrict = scalargesel, join = scalargejoinsel
);
create operator @extschema@.> (
    leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_gt,
    commutator = operator(@extschema@.<), negator = operator(@extschema@.<=),
    restrict = scalargtsel, join = scalargtjoinsel
);
create operator class @extschema@.vector_ops default for type @extschema@.vector using btree as
    operator 1 @extschema@.<, operator 2 @extschema@.<=, operator 3 @extschema@.=,
    operator 4 @extschema@.>=, operator 5 @extschema@.>,
    function 1 @extschema@.vector_cmp(@extschema@.vector, @extschema@.vector);

-- Index names. An operator class without operators is never chosen by the planner.
create function @extschema@.supaseed_vector_hash(@extschema@.vector) returns integer
language internal immutable strict parallel safe as 'hashvarlena';
if not exists (select from pg_catalog.pg_am where amname = 'ivfflat') then
    create access method ivfflat type index handler hashhandler;
end if;
if not exists (select from pg_catalog.pg_am where amname = 'hnsw') then
    create access method hnsw type index handler hashhandler;
end if;
create operator class @extschema@.vector_l2_ops default for type @extschema@.vector using ivfflat as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_ip_ops for type @extschema@.vector using ivfflat as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_cosine_ops for type @extschema@.vector using ivfflat as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_l2_ops for type @extschema@.vector using hnsw as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_ip_ops for type @extschema@.vector using hnsw as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_cosine_ops for type @extschema@.vector using hnsw as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
create operator class @extschema@.vector_l1_ops for type @extschema@.vector using hnsw as
    function 1 (@extschema@.vector, @extschema@.vector) @extschema@.supaseed_vector_hash(@extschema@.vector);
end
$install$;
