"""Buckets and objects: columns, keys, names, guards."""

from __future__ import annotations

import psycopg
import pytest
from described_columns import described_columns

BUCKETS = """
    id! name! owner created_at=now() updated_at=now() public=false avif_autodetection=false file_size_limit
    allowed_mime_types owner_id type!='STANDARD' versioning_status!='DISABLED'
"""
OBJECTS = """
    id!=gen_random_uuid() bucket_id name owner created_at=now() updated_at=now() last_accessed_at=now()
    metadata path_tokens:= version owner_id user_metadata archived_at is_delete_marker!=false
    is_versioned!=false
"""


@pytest.fixture
def avatars(owner: psycopg.Connection) -> psycopg.Connection:
    """A connection with a bucket that holds three files."""
    owner.execute(
        "insert into storage.buckets (id, name) values ('avatars', 'avatars');"
        "insert into storage.objects (bucket_id, name, metadata) values"
        " ('avatars', 'a/b/face.png', '{\"size\": 3}'), ('avatars', 'a/me.jpg', '{\"size\": 4}'),"
        " ('avatars', 'README', '{\"size\": 5}')"
    )
    return owner


@pytest.mark.parametrize(("table", "columns"), [("buckets", BUCKETS), ("objects", OBJECTS)])
def test_columns_defaults_and_not_null(owner: psycopg.Connection, table: str, columns: str) -> None:
    """All columns in storage-api's order, no more and no fewer."""
    assert described_columns(owner, f"storage.{table}") == columns.split()


@pytest.mark.parametrize(
    ("path", "filename", "extension", "folders"),
    [
        ("a/b/face.tar.gz", "face.tar.gz", "gz", ["a", "b"]),
        ("face.png", "face.png", "png", []),
        ("a/README", "README", "README", ["a"]),
        ("a/", "", "", ["a"]),
    ],
)
def test_the_parts_of_a_path(
    owner: psycopg.Connection, path: str, filename: str, extension: str, folders: list[str]
) -> None:
    """storage.filename, extension and foldername, which policies are written with."""
    row = owner.execute(
        "select storage.filename(%(path)s), storage.extension(%(path)s), storage.foldername(%(path)s)",
        {"path": path},
    ).fetchone()
    assert row == (filename, extension, folders)


def test_path_tokens_are_generated(avatars: psycopg.Connection) -> None:
    """The path, split."""
    row = avatars.execute("select path_tokens from storage.objects where name like '%face%'").fetchone()
    assert row == (["a", "b", "face.png"],)


@pytest.mark.parametrize("table", ["objects", "buckets"])
def test_rows_are_deleted_through_the_api_only(avatars: psycopg.Connection, table: str) -> None:
    """A direct delete is refused with a hint."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="cannot be deleted directly") as caught:
        avatars.execute(f"delete from storage.{table}")  # noqa: S608
    assert "storage.allow_delete_query" in (caught.value.diag.message_hint or "")


def test_the_setting_of_the_api_lets_rows_go(avatars: psycopg.Connection) -> None:
    """What storage-api sets, a test may set."""
    avatars.execute("set local storage.allow_delete_query = 'true'")
    assert avatars.execute("delete from storage.objects").rowcount == 3


def test_a_path_is_unique_in_its_bucket(avatars: psycopg.Connection) -> None:
    """Twice the same path in a bucket is refused; a bucket that is missing too."""
    with pytest.raises(psycopg.errors.UniqueViolation), avatars.transaction():
        avatars.execute("insert into storage.objects (bucket_id, name) values ('avatars', 'README')")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        avatars.execute("insert into storage.objects (bucket_id, name) values ('nowhere', 'README')")


def test_a_bucket_has_a_short_name(owner: psycopg.Connection) -> None:
    """A hundred characters, no more."""
    insert = "insert into storage.buckets (id, name) values (%(name)s, %(name)s)"
    owner.execute(insert, {"name": "b" * 100})
    with pytest.raises(psycopg.errors.RaiseException, match="101 characters"):
        owner.execute(insert, {"name": "b" * 101})


def test_one_level_of_a_bucket_is_listed(avatars: psycopg.Connection) -> None:
    """storage.search: folders first come without an id, files with one."""
    found = avatars.execute(
        "select name, id is null from storage.search('', 'avatars', 100, 1) union all"
        " select name, id is null from storage.search('a/', 'avatars', 100, 2)"
    ).fetchall()
    assert found == [("README", False), ("a", True), ("b", True), ("me.jpg", False)]


def test_the_size_of_a_bucket(avatars: psycopg.Connection) -> None:
    """The sum over its files."""
    assert avatars.execute("select * from storage.get_size_by_bucket()").fetchall() == [(12, "avatars")]


def test_a_policy_guards_objects(avatars: psycopg.Connection) -> None:
    """The owner of the project writes policies on storage.objects; without one, users see nothing."""
    avatars.execute("set local role authenticated")
    assert avatars.execute("select from storage.objects").fetchall() == []
    avatars.execute("reset role")
    avatars.execute(
        "create policy own_folder on storage.objects for select to authenticated"
        " using ((storage.foldername(name))[1] = 'a')"
    )
    avatars.execute("set local role authenticated")
    assert len(avatars.execute("select from storage.objects").fetchall()) == 2


def test_an_operation_is_recognised(owner: psycopg.Connection) -> None:
    """Policies may ask which operation of the API runs."""
    owner.execute("set local storage.operation = 'storage.object.list'")
    row = owner.execute(
        "select storage.allow_only_operation('object.list'), storage.allow_any_operation('{object.get}'),"
        " storage.operation()"
    ).fetchone()
    assert row == (True, False, "storage.object.list")
