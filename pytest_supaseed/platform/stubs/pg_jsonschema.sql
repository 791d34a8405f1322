-- pg_jsonschema: the keywords that check constraints use, judged in PL/pgSQL. A keyword that would be judged by the real
-- one and is not known here raises, so that no document passes unseen. May be run again.
create or replace function @extschema@.supaseed_json_is_of_type(instance jsonb, name text) returns boolean
language sql immutable parallel safe as $$
    select case name
        when 'integer' then jsonb_typeof(instance) = 'number' and (instance #>> '{}')::numeric % 1 = 0
        else jsonb_typeof(instance) = name
    end
$$;

-- Every fault of an instance, each as one line; no row means that it is valid.
create or replace function @extschema@.supaseed_json_faults(
    schema jsonb, instance jsonb, place text default ''
) returns setof text language plpgsql immutable parallel safe as $$
declare
    kind constant text := jsonb_typeof(instance);
    amount constant numeric := case when kind = 'number' then (instance #>> '{}')::numeric end;
    words constant text := case when kind = 'string' then instance #>> '{}' end;
    shown constant text := left(instance::text, 60);
    keyword text;
    rule jsonb;
    holding integer;
begin
    if jsonb_typeof(schema) = 'boolean' then
        if schema = 'false' then
            return next format('%s: nothing is allowed here', place);
        end if;
        return;
    end if;
    for keyword, rule in select * from jsonb_each(schema) loop
        case keyword
            when 'type' then
                if not exists (
                    select from jsonb_array_elements_text(
                        case when jsonb_typeof(rule) = 'array' then rule else jsonb_build_array(rule) end
                    ) as allowed (name)
                    where @extschema@.supaseed_json_is_of_type(instance, allowed.name)
                ) then
                    return next format('%s: %s is not of type %s', place, shown, rule);
                end if;
            when 'enum' then
                if not exists (select from jsonb_array_elements(rule) as allowed where allowed = instance) then
                    return next format('%s: %s is not one of %s', place, shown, rule);
                end if;
            when 'const' then
                if rule <> instance then
                    return next format('%s: %s is not %s', place, shown, rule);
                end if;
            when 'minimum' then
                if amount < rule::numeric then
                    return next format('%s: %s is less than the minimum of %s', place, shown, rule);
                end if;
            when 'maximum' then
                if amount > rule::numeric then
                    return next format('%s: %s is greater than the maximum of %s', place, shown, rule);
                end if;
            when 'exclusiveMinimum' then
                if amount <= rule::numeric then
                    return next format('%s: %s is not greater than %s', place, shown, rule);
                end if;
            when 'exclusiveMaximum' then
                if amount >= rule::numeric then
                    return next format('%s: %s is not less than %s', place, shown, rule);
                end if;
            when 'multipleOf' then
                if amount % rule::numeric <> 0 then
                    return next format('%s: %s is not a multiple of %s', place, shown, rule);
                end if;
            when 'minLength' then
                if length(words) < rule::numeric then
                    return next format('%s: %s is shorter than %s characters', place, shown, rule);
                end if;
            when 'maxLength' then
                if length(words) > rule::numeric then
                    return next format('%s: %s is longer than %s characters', place, shown, rule);
                end if;
            when 'pattern' then
                if words !~ (rule #>> '{}') then
                    return next format('%s: %s does not match %s', place, shown, rule);
                end if;
            when 'required' then
                return query select format('%s: %s is a required property', place, to_jsonb(name))
                from jsonb_array_elements_text(rule) as name
                where kind = 'object' and not instance ? name;
            when 'properties' then
                return query select fault
                from jsonb_each(rule) as property (name, rule),
                    @extschema@.supaseed_json_faults(
                        property.rule, instance -> property.name, place || '/' || property.name
                    ) as fault
                where kind = 'object' and instance ? property.name;
            when 'additionalProperties' then
                if schema ? 'patternProperties' then
                    raise exception 'this server has no pg_jsonschema, and its stand-in does not judge "patternProperties"'
                        using errcode = 'feature_not_supported';
                end if;
                return query select fault
                from jsonb_each(case when kind = 'object' then instance else '{}' end) as member (name, value),
                    @extschema@.supaseed_json_faults(rule, member.value, place || '/' || member.name) as fault
                where not coalesce(schema -> 'properties' ? member.name, false);
            when 'minProperties' then
                if kind = 'object' and (select count(*) from jsonb_object_keys(instance)) < rule::numeric then
                    return next format('%s: %s has fewer than %s properties', place, shown, rule);
                end if;
            when 'maxProperties' then
                if kind = 'object' and (select count(*) from jsonb_object_keys(instance)) > rule::numeric then
                    return next format('%s: %s has more than %s properties', place, shown, rule);
                end if;
            when 'items' then
                if jsonb_typeof(rule) = 'array' or schema ? 'prefixItems' then
                    raise exception 'this server has no pg_jsonschema, and its stand-in does not judge tuples'
                        using errcode = 'feature_not_supported';
                end if;
                return query select fault
                from jsonb_array_elements(case when kind = 'array' then instance else '[]' end)
                        with ordinality as element (value, nr),
                    @extschema@.supaseed_json_faults(rule, element.value, place || '/' || element.nr - 1) as fault;
            when 'minItems' then
                if kind = 'array' and jsonb_array_length(instance) < rule::numeric then
                    return next format('%s: %s has fewer than %s items', place, shown, rule);
                end if;
            when 'maxItems' then
                if kind = 'array' and jsonb_array_length(instance) > rule::numeric then
                    return next format('%s: %s has more than %s items', place, shown, rule);
                end if;
            when 'uniqueItems' then
                if rule = 'true' and kind = 'array' and jsonb_array_length(instance) > (
                    select count(distinct element) from jsonb_array_elements(instance) as element
                ) then
                    return next format('%s: %s has an item twice', place, shown);
                end if;
            when 'allOf' then
                return query select fault
                from jsonb_array_elements(rule) as part,
                    @extschema@.supaseed_json_faults(part, instance, place) as fault;
            when 'anyOf', 'oneOf' then
                holding := (
                    select count(*) from jsonb_array_elements(rule) as part
                    where not exists (select from @extschema@.supaseed_json_faults(part, instance, place))
                );
                if holding = 0 or (holding > 1 and keyword = 'oneOf') then
                    return next format('%s: %s is valid under %s of the schemas of %s', place, shown, holding, keyword);
                end if;
            when 'not' then
                if not exists (select from @extschema@.supaseed_json_faults(rule, instance, place)) then
                    return next format('%s: %s is what "not" forbids', place, shown);
                end if;
            when '$schema', '$id', '$comment', '$anchor', '$defs', 'definitions', 'title', 'description', 'default',
                'examples', 'deprecated', 'readOnly', 'writeOnly', 'format', 'contentEncoding', 'contentMediaType',
                'contentSchema'
            then
                null;
            else
                raise exception 'this server has no pg_jsonschema, and its stand-in does not judge "%"', keyword
                    using errcode = 'feature_not_supported',
                        hint = 'Name a server that has pg_jsonschema by --supaseed-url.';
        end case;
    end loop;
end
$$;

create or replace function @extschema@.json_matches_schema(schema json, instance json) returns boolean
language sql immutable strict parallel safe as $$
    select not exists (select from @extschema@.supaseed_json_faults($1::jsonb, $2::jsonb))
$$;
create or replace function @extschema@.jsonb_matches_schema(schema json, instance jsonb) returns boolean
language sql immutable strict parallel safe as $$
    select not exists (select from @extschema@.supaseed_json_faults($1::jsonb, $2))
$$;
create or replace function @extschema@.jsonschema_validation_errors(schema json, instance json) returns text[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(fault), '{}') from @extschema@.supaseed_json_faults($1::jsonb, $2::jsonb) as fault
$$;
-- A schema is an object or a boolean, and the rules in it have the right type.
create or replace function @extschema@.jsonschema_is_valid(schema json) returns boolean
language sql immutable strict parallel safe as $$
    select case json_typeof(schema)
        when 'boolean' then true
        when 'object' then @extschema@.jsonb_matches_schema('{
            "properties": {
                "type": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {
                    "enum": ["string", "number", "integer", "object", "array", "boolean", "null"]
                }]},
                "enum": {"type": "array"},
                "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
                "properties": {"type": "object", "additionalProperties": {"type": ["object", "boolean"]}},
                "items": {"type": ["object", "boolean", "array"]},
                "additionalProperties": {"type": ["object", "boolean"]},
                "minimum": {"type": "number"}, "maximum": {"type": "number"},
                "exclusiveMinimum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
                "multipleOf": {"type": "number", "exclusiveMinimum": 0},
                "minLength": {"type": "integer", "minimum": 0}, "maxLength": {"type": "integer", "minimum": 0},
                "minItems": {"type": "integer", "minimum": 0}, "maxItems": {"type": "integer", "minimum": 0},
                "minProperties": {"type": "integer", "minimum": 0}, "maxProperties": {"type": "integer", "minimum": 0},
                "uniqueItems": {"type": "boolean"}, "pattern": {"type": "string"},
                "allOf": {"type": "array", "minItems": 1}, "anyOf": {"type": "array", "minItems": 1},
                "oneOf": {"type": "array", "minItems": 1}, "not": {"type": ["object", "boolean"]}
            }
        }', schema::jsonb)
        else false
    end
$$;
