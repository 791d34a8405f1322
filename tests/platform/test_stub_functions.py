"""What stands in for moddatetime, pgjwt, pg_graphql and pgsodium."""

from __future__ import annotations

import base64
import hmac
import json
import time

import psycopg
import pytest
from platform_databases import one_row, one_value

API_ROLES = ("anon", "authenticated", "service_role")


class TestModdatetime:
    """A trigger function."""

    @pytest.mark.parametrize("kind", ["timestamptz", "timestamp"])
    def test_it_sets_its_column(self, stubs: psycopg.Connection, kind: str) -> None:
        """To the time of the transaction, whatever the statement says, and no other column."""
        stubs.execute("set local time zone 'Asia/Tokyo'")
        stubs.execute(f"create table t (id int, body text, changed_at {kind})")
        stubs.execute(
            "create trigger stamp before update on t for each row"
            " execute function extensions.moddatetime(changed_at);"
            "insert into t values (1, 'a', '2000-01-01'); update t set body = 'b', changed_at = '2001-01-01'"
        )
        found = one_row(
            stubs, "select id, body, changed_at = now(), pg_typeof(changed_at) = %s::regtype from t", kind
        )
        assert found == (1, "b", True, True)

    @pytest.mark.parametrize(
        ("trigger", "message"),
        [
            ("before insert on t for each row execute function extensions.moddatetime(a)", "INSERT"),
            ("after update on t for each row execute function extensions.moddatetime(a)", "before event"),
            ("before update on t for each statement execute function extensions.moddatetime(a)", "for row"),
            ("before update on t for each row execute function extensions.moddatetime()", "single argument"),
            ("before update on t for each row execute function extensions.moddatetime(gone)", '"gone"'),
            ("before update on t for each row execute function extensions.moddatetime(id)", 'no column "id"'),
        ],
    )
    def test_misuse_is_an_error(self, stubs: psycopg.Connection, trigger: str, message: str) -> None:
        """Where the real one raises, so does this."""
        stubs.execute("create table t (id int, a timestamptz); insert into t values (1)")
        stubs.execute(f"create trigger stamp {trigger}")
        with pytest.raises(psycopg.errors.TriggerProtocolViolated, match=message):
            stubs.execute("insert into t values (2); update t set id = 3")


class TestJwt:
    """Tokens by HMAC."""

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    def test_it_signs_as_the_standard_says(self, stubs: psycopg.Connection, algorithm: str) -> None:
        """Three parts, the third the HMAC of the others, by Python's own."""
        token = one_value(stubs, "select sign('{\"sub\":\"1\"}', 'secret', %s)", algorithm)
        signed, _, signature = token.rpartition(".")
        digest = hmac.digest(b"secret", signed.encode(), algorithm.replace("HS", "sha"))
        assert signature == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        assert one_value(stubs, "select valid from verify(%s, 'secret', %s)", token, algorithm) is True
        assert one_value(stubs, "select valid from verify(%s, 'secrets', %s)", token, algorithm) is False

    def test_a_published_token(self, stubs: psycopg.Connection) -> None:
        """The one that jwt.io opened with for years."""
        token = (
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiYWRtaW4i"
            "OnRydWV9.TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ"
        )
        payload = '{"sub":"1234567890","name":"John Doe","admin":true}'
        assert one_value(stubs, "select sign(%s::json, 'secret')", payload) == token
        assert one_row(stubs, "select header, payload, valid from verify(%s, 'secret')", token) == (
            {"alg": "HS256", "typ": "JWT"},
            json.loads(payload),
            True,
        )

    @pytest.mark.parametrize(
        ("claim", "seconds", "valid"), [("exp", -60, False), ("exp", 60, True), ("nbf", 60, False)]
    )
    def test_time_counts(
        self,
        stubs: psycopg.Connection,
        claim: str,
        seconds: int,
        valid: bool,  # noqa: FBT001
    ) -> None:
        """Expired, not yet, and in between."""
        payload = json.dumps({claim: int(time.time()) + seconds})
        query = "select valid from verify(sign(%s::json, 'secret'), 'secret')"
        assert one_value(stubs, query, payload) is valid

    def test_url_base64_is_undone(self, stubs: psycopg.Connection) -> None:
        """Any length, no padding, no line ends."""
        for length in (*range(5), 200):
            message = bytes(range(length))
            encoded = one_value(stubs, "select url_encode(%s::bytea)", message)
            assert encoded == base64.urlsafe_b64encode(message).decode().rstrip("=")
            assert one_value(stubs, "select url_decode(%s)", encoded) == message

    def test_it_finds_pgcrypto_wherever_it_is(self, stubs: psycopg.Connection) -> None:
        """Not by search_path."""
        stubs.execute("set local search_path = ''")
        assert one_value(stubs, "select extensions.sign('{}', 'secret')").count(".") == 2

    @pytest.mark.parametrize("role", API_ROLES)
    def test_api_roles_sign(self, stubs: psycopg.Connection, role: str) -> None:
        """Through functions of the project."""
        stubs.execute("select set_config('role', %s, true)", (role,))
        assert one_value(stubs, "select extensions.sign('{}', 'secret')").count(".") == 2


def test_graphql_says_that_it_is_not_enabled(stubs: psycopg.Connection) -> None:
    """And reads directives out of comments, for schemas that ask."""
    stubs.execute("set local role authenticated")
    assert one_value(stubs, "select graphql.resolve('{a}')") == {
        "errors": [{"message": "pg_graphql is not enabled in this database"}]
    }
    assert one_value(
        stubs, 'select graphql.comment_directive(\'x @graphql({"totalCount": {"enabled": true}}) y\')'
    ) == {"totalCount": {"enabled": True}}
    assert one_value(stubs, "select graphql.comment_directive(null)") == {}
    assert one_value(stubs, "select graphql.get_schema_version()") == 1


class TestSodium:
    """Keys are written down, random bytes are real; every cipher raises."""

    def test_keys_are_rows(self, stubs: psycopg.Connection) -> None:
        """Made, found by name and number, and unique by name."""
        made = one_value(stubs, "select (pgsodium.create_key(name => 'mine')).id")
        assert one_value(stubs, "select (pgsodium.get_key_by_name('mine')).id") == made
        assert one_row(
            stubs, "select key_type::text, status::text from pgsodium.get_key_by_id(%s)", made
        ) == (
            "aead-det",
            "valid",
        )
        with pytest.raises(psycopg.errors.UniqueViolation):
            stubs.execute("select pgsodium.create_key(name => 'mine')")

    def test_an_expired_key_is_not_valid(self, stubs: psycopg.Connection) -> None:
        """valid_key shows what may still be used."""
        stubs.execute("select pgsodium.create_key(name => 'old', expires => now() - interval '1 day')")
        assert one_value(stubs, "select count(*) from pgsodium.valid_key where name = 'old'") == 0

    def test_random_bytes(self, stubs: psycopg.Connection) -> None:
        """As many as were asked for."""
        assert one_row(
            stubs,
            "select length(pgsodium.randombytes_buf(0)), length(pgsodium.randombytes_buf(33)),"
            " length(pgsodium.crypto_aead_det_noncegen()), pgsodium.randombytes_uniform(10) between 0 and 9,"
            " pgsodium.randombytes_random() <> pgsodium.randombytes_random()",
        ) == (0, 33, 32, True, True)

    @pytest.mark.parametrize(
        "call",
        [
            "crypto_aead_det_encrypt('a', 'b', gen_random_uuid())",
            "crypto_aead_det_decrypt('a', 'b', gen_random_uuid(), null)",
            "crypto_secretbox('a', 'b', 'c'::bytea)",
            "derive_key(1)",
        ],
    )
    def test_ciphers_raise(self, stubs: psycopg.Connection, call: str) -> None:
        """Nothing is stored that looks encrypted and is not."""
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="needs the real pgsodium"):
            stubs.execute(f"select pgsodium.{call}")

    @pytest.mark.parametrize("role", ["anon", "authenticated"])
    def test_users_see_no_keys(self, stubs: psycopg.Connection, role: str) -> None:
        """Neither the table nor the functions."""
        stubs.execute("select set_config('role', %s, true)", (role,))
        for query in ("select from pgsodium.key", "select pgsodium.randombytes_random()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), stubs.transaction():
                stubs.execute(query)
