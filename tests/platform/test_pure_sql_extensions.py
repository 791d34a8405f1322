"""uuid-ossp and pgcrypto in SQL, against published vectors, the standard library, and the real ones."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from platform_databases import one_value

from pytest_supaseed.platform.extensions import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator

HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
NAMESPACES = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}
LENGTHS = (0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000)
"""Around where the padding of a 64 or 128 byte block runs over."""

PAIRS = (
    "select ours.oid::regprocedure::text, ours.prorettype::regtype::text = theirs.prorettype::regtype::text"
    "  and ours.provolatile = theirs.provolatile and ours.proisstrict = theirs.proisstrict"
    "  and ours.proretset = theirs.proretset"
    " from pg_proc as theirs"
    " left join pg_proc as ours on ours.proname = theirs.proname and ours.proargtypes = theirs.proargtypes"
    "  and ours.pronamespace = 'ours'::regnamespace"
    " where theirs.oid in (select objid from pg_depend where deptype = 'e'"
    "  and refobjid = (select oid from pg_extension where extname = %s)"
    "  and classid = 'pg_proc'::regclass)"
)


@pytest.fixture
def ours(login: psycopg.Connection) -> psycopg.Connection:
    """A connection to a database with our scripts in the schema `ours`, which is searched first."""
    from pytest_supaseed.platform.scripts import EXTENSION_SCHEMA, script

    login.execute("create schema ours")
    for name in ("uuid-ossp--1.1", "pgcrypto--1.3"):
        login.execute(script(f"extension_files/extension/{name}.sql", {EXTENSION_SCHEMA: "ours"}))
    login.execute("set local search_path = ours")
    return login


@pytest.fixture
def real(ours: psycopg.Connection) -> psycopg.Connection:
    """The same, where `extensions` holds the real ones."""
    found = ours.execute(
        "select e.extname from pg_extension e where e.extname in ('uuid-ossp', 'pgcrypto')"
        " and obj_description(e.oid, 'pg_extension') not like %s",
        (f"%{OURS}%",),
    ).fetchall()
    if len(found) < 2:
        pytest.skip("this server has neither uuid-ossp nor pgcrypto of its own")
    return ours


def _messages() -> Iterator[bytes]:
    for length in LENGTHS:
        yield bytes(number * 7 % 256 for number in range(length))


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
        ),
    ],
)
def test_sha1_of_the_standard(ours: psycopg.Connection, message: str, digest: str) -> None:
    """The examples of FIPS 180."""
    assert one_value(ours, "select encode(digest(%s::text, 'sha1'), 'hex')", message) == digest


@pytest.mark.parametrize("name", HASHES)
def test_every_hash(ours: psycopg.Connection, name: str) -> None:
    """As Python computes it, at every length where the padding changes; names in any case."""
    for message in _messages():
        expected = hashlib.new(name, message).digest()
        assert one_value(ours, "select digest(%s::bytea, %s)", message, name.upper()) == expected


@pytest.mark.parametrize("name", HASHES)
def test_every_hmac(ours: psycopg.Connection, name: str) -> None:
    """As Python computes it, with keys shorter than a block, as long, and longer."""
    for key in _messages():
        expected = hmac.digest(key, b"Hi There", name)
        assert one_value(ours, "select hmac('Hi There'::bytea, %s::bytea, %s)", key, name) == expected


def test_hmac_of_the_standard(ours: psycopg.Connection) -> None:
    """RFC 4231, case 2, as text."""
    found = one_value(ours, "select encode(hmac('what do ya want for nothing?', 'Jefe', 'sha256'), 'hex')")
    assert found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_an_unknown_hash_is_an_error(ours: psycopg.Connection) -> None:
    """In the words of pgcrypto."""
    with pytest.raises(psycopg.errors.InvalidParameterValue, match='Cannot use "crc": No such hash'):
        ours.execute("select digest('a'::text, 'crc')")


@pytest.mark.parametrize("length", [1, 16, 32, 33, 1024])
def test_random_bytes(ours: psycopg.Connection, length: int) -> None:
    """As many as were asked for, and others each time."""
    first, second = (one_value(ours, "select gen_random_bytes(%s)", length) for _ in range(2))
    assert len(first) == len(second) == length
    assert length == 1 or first != second


@pytest.mark.parametrize("length", [-1, 0, 1025])
def test_random_bytes_have_a_range(ours: psycopg.Connection, length: int) -> None:
    """1 to 1024, as in pgcrypto."""
    with pytest.raises(psycopg.errors.ExternalRoutineInvocationException, match="Length not in range"):
        ours.execute("select gen_random_bytes(%s)", (length,))


def test_armor_of_the_standard(ours: psycopg.Connection) -> None:
    """Nothing has the checksum that RFC 4880 starts with, and headers come first."""
    found = one_value(ours, "select armor('', '{Comment,Version}', '{a b,1}')")
    assert found.splitlines() == [
        "-----BEGIN PGP MESSAGE-----",
        "Comment: a b",
        "Version: 1",
        "",
        "=twTO",
        "-----END PGP MESSAGE-----",
    ]


def test_armor_is_undone(ours: psycopg.Connection) -> None:
    """Any bytes, with and without headers; the headers come back too."""
    for message in _messages():
        assert one_value(ours, "select dearmor(armor(%s::bytea))", message) == message
        armoured = one_value(ours, "select armor(%s::bytea, '{Comment}', '{a: b}')", message)
        assert one_value(ours, "select dearmor(%s)", armoured) == message
        row = ours.execute("select * from pgp_armor_headers(%s)", (armoured,)).fetchone()
        assert row == ("Comment", "a: b")


@pytest.mark.parametrize(
    "broken", ["", "no armour", "-----BEGIN PGP MESSAGE-----\n\nYWJj\n=AAAA\n-----END PGP MESSAGE-----\n"]
)
def test_broken_armor_is_an_error(ours: psycopg.Connection, broken: str) -> None:
    """No frame, or a checksum that is not the data's."""
    with pytest.raises(psycopg.errors.ExternalRoutineInvocationException, match="Corrupt ascii-armor"):
        ours.execute("select dearmor(%s)", (broken,))


@pytest.mark.parametrize(
    "call",
    [
        "crypt('a', 'b')",
        "gen_salt('bf')",
        "gen_salt('bf', 8)",
        "encrypt('a', 'b', 'aes')",
        "pgp_sym_encrypt('a', 'b')",
        "pgp_sym_decrypt('a', 'b')",
        "pgp_pub_encrypt('a', 'b'::bytea)",
        "pgp_key_id('a')",
    ],
)
def test_what_sql_cannot_compute_raises(ours: psycopg.Connection, call: str) -> None:
    """With its own name and the remedy; a schema that only mentions it loads."""
    ours.execute(f"create function mentions() returns text language sql as $$ select {call}::text $$")
    with pytest.raises(psycopg.errors.FeatureNotSupported) as caught:
        ours.execute("select mentions()")
    assert (caught.value.diag.message_primary or "").startswith(call.split("(", 1)[0] + "() needs the real")
    assert "--supaseed-url" in (caught.value.diag.message_hint or "")


@pytest.mark.parametrize("name", NAMESPACES)
def test_namespaces(ours: psycopg.Connection, name: str) -> None:
    """RFC 9562, 6.6."""
    assert str(one_value(ours, f"select uuid_ns_{name}()")) == NAMESPACES[name]


def test_named_uuids_of_the_standard_library(ours: psycopg.Connection) -> None:
    """Versions 3 and 5, published with Python, and as Python computes them for other names."""
    published = ours.execute(
        "select uuid_generate_v3(uuid_ns_dns(), 'python.org')::text,"
        " uuid_generate_v5(uuid_ns_dns(), 'python.org')::text"
    ).fetchone()
    assert published == ("6fa459ea-ee8a-3ca4-894e-db77e160355e", "886313e1-3b8a-5372-9b90-0c9aee199e5d")
    for name in ("", "é", "x" * 100):
        row = ours.execute(
            "select uuid_generate_v3(uuid_ns_url(), %(name)s), uuid_generate_v5(uuid_ns_url(), %(name)s)",
            {"name": name},
        ).fetchone()
        assert row == (uuid.uuid3(uuid.NAMESPACE_URL, name), uuid.uuid5(uuid.NAMESPACE_URL, name))


@pytest.mark.parametrize("call", ["uuid_generate_v1()", "uuid_generate_v1mc()"])
def test_time_based_uuids(ours: psycopg.Connection, call: str) -> None:
    """Version and variant, the moment they were made, and a node that is no machine's."""
    first, second = (one_value(ours, f"select {call}") for _ in range(2))
    moment = one_value(
        ours, "select (extract(epoch from clock_timestamp()) * 10000000)::bigint + 122192928000000000"
    )
    assert (first.version, first.variant) == (1, uuid.RFC_4122)
    assert first.time < second.time <= moment
    assert moment - first.time < 60 * 10_000_000
    assert first.node >> 40 & 1
    assert first.node != second.node


def test_random_uuids_and_nil(ours: psycopg.Connection) -> None:
    """Version 4, others each time; and the one that is all zeros."""
    row = ours.execute(
        "select uuid_generate_v4(), uuid_generate_v4(), gen_random_uuid(), uuid_nil()"
    ).fetchone()
    assert row is not None
    assert {value.version for value in row[:3]} == {4}
    assert len(set(row)) == 4
    assert row[3].int == 0


@pytest.mark.parametrize("name", ["uuid-ossp", "pgcrypto"])
def test_no_function_of_the_real_one_is_missing(real: psycopg.Connection, name: str) -> None:
    """Name, arguments, result, volatility and strictness are those of the real extension."""
    found = real.execute(PAIRS, (name,)).fetchall()
    assert len(found) >= 10
    assert [pair for pair in found if pair[0] is None or not pair[1]] == []


@pytest.mark.parametrize(
    "call",
    [
        *(f"digest(message, '{name}')" for name in HASHES),
        *(f"hmac(message, 'key'::bytea, '{name}')" for name in HASHES),
        "hmac('key'::bytea, message, 'sha512')",
        "armor(message)",
        "armor(message, '{A,B}', '{1,2}')",
        "encode(dearmor(extensions.armor(message)), 'hex')",
        "(select array_agg(h)::text from pgp_armor_headers(extensions.armor(message, '{A}', '{1}')) as h)",
        "uuid_generate_v3(uuid_ns_oid(), encode(message, 'hex'))",
        "uuid_generate_v5(uuid_ns_x500(), encode(message, 'hex'))",
    ],
)
def test_the_real_one_says_the_same(real: psycopg.Connection, call: str) -> None:
    """For messages of every length around a block's end."""
    for message in _messages():
        results = []
        for path in ("ours, pg_catalog", "extensions, pg_catalog"):
            real.execute("select set_config('search_path', %s, true)", (path,))
            query = f"select {call} from (select %s::bytea as message) as given"  # noqa: S608  # a call of ours
            results.append(one_value(real, query, message))
        assert results[0] == results[1]
