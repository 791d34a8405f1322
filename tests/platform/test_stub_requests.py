"""What stands in for pg_net and http: requests are written down or raise, and never leave."""

from __future__ import annotations

import json
from typing import LiteralString

import psycopg
import pytest
from platform_databases import one_row, one_value

API_ROLES = ("anon", "authenticated", "service_role")


class TestNet:
    """Requests are written down and never sent."""

    @pytest.mark.parametrize("role", [*API_ROLES, None])
    def test_a_request_is_aone_row(self, stubs: psycopg.Connection, role: str | None) -> None:
        """For every role: number, method, address with its parameters, headers, body, time allowed."""
        if role:
            stubs.execute("select set_config('role', %s, true)", (role,))
        number = one_value(
            stubs,
            "select net.http_post('https://example.com/hook', '{\"a\": 1}', '{\"q\": \"a b&é\"}',"
            ' \'{"x-key": "k"}\', 1000)',
        )
        method, url, headers, body, milliseconds = one_row(
            stubs,
            "select method, url, headers, body, timeout_milliseconds"
            " from net.http_request_queue where id = %s",
            number,
        )
        assert (method, url) == ("POST", "https://example.com/hook?q=a%20b%26%C3%A9")
        assert headers == {"x-key": "k", "Content-Type": "application/json"}
        assert (json.loads(body), milliseconds) == ({"a": 1}, 1000)

    def test_get_and_delete(self, stubs: psycopg.Connection) -> None:
        """Numbers go up, names of arguments are those of pg_net, and parameters join those of the address."""
        first = one_value(stubs, "select net.http_get(url := 'http://a/?b=1', params := '{\"c\": \"2\"}')")
        second = one_value(stubs, "select net.http_delete(url := 'http://a', body := '{}')")
        assert second > first
        found = stubs.execute(
            "select method, url, convert_from(body, 'utf8') from net.http_request_queue order by id"
        )
        assert found.fetchall() == [("GET", "http://a/?b=1&c=2", None), ("DELETE", "http://a", "{}")]

    def test_only_json_is_posted(self, stubs: psycopg.Connection) -> None:
        """As in pg_net."""
        with pytest.raises(psycopg.errors.RaiseException, match="must be"):
            stubs.execute("select net.http_post('http://a', headers := '{\"content-type\": \"text/xml\"}')")

    def test_a_response_comes_if_the_test_writes_one(self, stubs: psycopg.Connection) -> None:
        """Until then the answer is an error, at once."""
        number = one_value(stubs, "select net.http_get('http://a')")
        collect: LiteralString = (
            "select status::text, message, (response).status_code, (response).body"
            " from net._http_collect_response(%s)"
        )
        assert one_row(stubs, collect, number) == (
            "ERROR",
            "request matching request_id not found",
            None,
            None,
        )
        stubs.execute(
            "insert into net._http_response (id, status_code, content) values (%s, 200, 'ok!')", (number,)
        )
        assert one_row(stubs, collect, number) == ("SUCCESS", "ok", 200, "ok!")


class TestHttp:
    """Every request raises."""

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            ("http_get('http://a')", "GET http://a"),
            ("http_get('http://a', '{\"q\": \"x y\"}'::jsonb)", "GET http://a?q=x%20y"),
            ("http_post('http://a', '{}', 'application/json')", "POST http://a"),
            ("http_put('http://a', '{}', 'application/json')", "PUT http://a"),
            ("http_patch('http://a', '{}', 'application/json')", "PATCH http://a"),
            ("http_delete('http://a')", "DELETE http://a"),
            ("http_head('http://a')", "HEAD http://a"),
            (
                "http(('GET', 'http://a', array[http_header('a', 'b')], null, null)::http_request)",
                "GET http://a",
            ),
        ],
    )
    def test_a_request_raises(self, stubs: psycopg.Connection, call: str, said: str) -> None:
        """With the method, the address and a way out."""
        with pytest.raises(psycopg.errors.FeatureNotSupported) as caught:
            stubs.execute(f"select (extensions.{call}).status")
        assert (caught.value.diag.message_primary or "").startswith(f"{said}: a stand-in")

    def test_a_function_that_would_call_out_can_be_made(self, stubs: psycopg.Connection) -> None:
        """Types and result columns are there."""
        stubs.execute(
            "create function ping() returns int language plpgsql as $$"
            " declare answer extensions.http_response;"
            " begin select * into answer from extensions.http_get('http://a'); return answer.status; end $$"
        )

    def test_what_only_computes_computes(self, stubs: psycopg.Connection) -> None:
        """Percent encoding and headers."""
        assert one_row(
            stubs,
            'select urlencode(\'a b/é~\'), urlencode(\'{"a": 1, "b": "x&y", "c": null}\'::jsonb),'
            " (http_header('a', 'b')).value, (http_headers('a', 'b', 'c', 'd'))[2]::text,"
            " http_set_curlopt('a', 'b')",
        ) == ("a%20b%2F%C3%A9~", "a=1&b=x%26y", "b", "(c,d)", True)
