"""Tests of original.config_file: what a `supa-seed.config.json` means, key by key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from original.full_config import FULL

from pytest_supaseed.errors import UsageError
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.options import resolve_options
from pytest_supaseed.original import FILE_NAME
from pytest_supaseed.original.config_file import (
    LARGEST,
    WITHOUT_OPTION,
    AdditionalUsers,
    ExistingUsers,
    OriginalConfig,
    OriginalUsers,
    read_original,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The place of the file; it is not there yet."""
    return tmp_path / FILE_NAME


def read(path: Path, values: object) -> OriginalConfig:
    """Write the file and read it."""
    path.write_text(json.dumps(values), encoding="utf-8")
    found = read_original(path)
    assert found is not None
    return found


def names(path: Path, **schema: object) -> NameMap:
    """The names that a `schema` configures."""
    return read(path, {"schema": schema}).options.get("map", NameMap())  # type: ignore[return-value]


def test_no_file_says_nothing(config: Path) -> None:
    """Most projects never had the original tool."""
    assert read_original(config) is None
    assert resolve_options({}, {}, config.parent / "pyproject.toml").original is None


def test_every_documented_key_is_read(config: Path) -> None:
    """Options of ours, and what will be one; counts are totals, as they were meant to be."""
    found = read(config, FULL)

    assert dict(found.options) == {
        "users": 12,
        "seed": "supa-seed-2025",
        "domain": "outdoor",
        "framework": "makerkit",
        "map": NameMap(
            {"setup_types": "base_templates"},
            {
                "accounts": {"display_name": "name", "avatar_url": "picture_url"},
                "setups": {"user_id": "account_id", "name": "title", "description": "notes"},
                "setup_types": {"type": "kind"},
            },
        ),
        "rows": {"setups": 8, "gear": 25},
        "user_strategy": "hybrid",
        "additional": 7,
        "existing_users": {"accounts.is_personal_account": True},
        "email_pattern": "{first}.{last}.{n}@supaseed.test",
    }
    assert found.usual_rows == {"setups": PerParent("users", 2, 2), "media": PerParent("setups", 1, 1)}
    assert found.categories == {"setups": ("overlanding", "van-life"), "gear": ("camping", "cooking")}
    assert found.users == OriginalUsers(
        strategy="hybrid",
        email_domain="supaseed.test",
        password="password123",
        existing=ExistingUsers(where={"is_personal_account": True}),
        additional=AdditionalUsers(7, ("casual_user", "expert_user")),
        team_accounts=True,
        standard_emails=False,
        custom_emails=("a@example.com",),
    )


def test_what_does_nothing_is_listed_once(config: Path) -> None:
    """Keys without a meaning here, those without an option yet, and keys that nobody knows."""
    found = read(config, {**FULL, "userCuont": 5})

    assert found.unused == (
        "supabaseUrl",
        "supabaseServiceKey",
        "environment",
        "enableRealImages",
        "additionalUsers.authIntegration",
        "schema.optionalTables",
        "schema.multiTenant",
        "schema.frameworkStrategy",
        "tables.gear.forceGeneration",
        "tables.gear.categoryStrategy",
        "storage",
        "seeders",
        "mfa",
        "userCuont",
        *(key for key in FULL if key in WITHOUT_OPTION),
        "additionalUsers.personas",
    )
    message = found.unused_message()
    assert all(message.count(f" {key},") + message.count(f" {key} (") == 1 for key in found.unused)
    assert "secret-key" not in message


def test_a_password_other_than_ours_is_kept(config: Path) -> None:
    """The original's default is ours; what somebody chose is what users log in with."""
    found = read(config, {**FULL, "testUserPassword": "sesame"})

    assert found.options["password"] == "sesame"
    assert resolve_options({}, {}, config.parent / "pyproject.toml").password == "sesame"
    assert "password" not in read(config, FULL).options


def test_secrets_stay_out_of_what_is_printed(config: Path) -> None:
    """Passwords and keys do not land in tracebacks and logs."""
    found = read(config, {**FULL, "testUserPassword": "sesame"})
    assert "sesame" not in repr(found)
    assert "secret-key" not in repr(found)


def test_the_file_is_weaker_than_pyproject_and_stronger_than_defaults(config: Path) -> None:
    """Flag, environment and `[tool.supaseed]` each have the last word over it; messages name the key."""
    read(config, FULL)
    pyproject = config.parent / "pyproject.toml"
    alone = resolve_options({}, {}, pyproject)
    assert (alone.users, alone.seed, alone.framework, alone.rows["setups"]) == (
        12,
        "supa-seed-2025",
        "makerkit",
        8,
    )
    assert alone.source("users") == f"userCount in {config}"
    assert alone.map.givers["setups.user_id"] == f"schema in {config}"

    pyproject.write_text("[tool.supaseed]\nusers = 3\nmap = { setup_types = 'kinds' }\n", encoding="utf-8")
    options = resolve_options({"seed": "mine"}, {"SUPASEED_FRAMEWORK": "supabase"}, pyproject)
    assert (options.users, options.seed, options.framework) == (3, "mine", "supabase")
    assert options.map.tables == {"setup_types": "kinds"}
    assert options.map.columns["setups"]["user_id"] == "account_id"


@pytest.mark.parametrize("framework", ["simple", "custom", "makerkit-profiles", "wildernest"])
def test_names_that_say_no_more_than_the_schema_are_left_to_it(config: Path, framework: str) -> None:
    """The original's own names for what is recognised here anyway."""
    assert "framework" not in read(config, {"schema": {"framework": framework}}).options


class TestTables:
    """`schema.userTable`, `setupTable` or `setupsTable`, `baseTemplateTable`, `primaryUserTable`."""

    def test_names_alone_will_do(self, config: Path) -> None:
        """A text is the table's name."""
        found = names(config, setupTable="kits", baseTemplateTable="kinds", userTable="people")
        assert found == NameMap({"profiles": "people", "setups": "kits", "setup_types": "kinds"})

    def test_a_kit_s_user_table_is_its_accounts(self, config: Path) -> None:
        """With `makerkit` the table stands for `accounts`, otherwise for `profiles`."""
        found = names(config, framework="makerkit", primaryUserTable="app_accounts")
        assert found == NameMap({"accounts": "app_accounts"})

    @pytest.mark.parametrize("table", ["accounts", "profiles"])
    def test_a_usual_user_table_stands_for_itself(self, config: Path, table: str) -> None:
        """Whatever the framework, and with its columns."""
        found = names(config, userTable={"name": table, "nameField": "full_name"})
        assert found == NameMap({}, {table: {"name": "full_name", "display_name": "full_name"}})

    def test_a_public_users_table_is_not_that_of_the_platform(self, config: Path) -> None:
        """`users` are those who log in; the project's own table is named with its schema."""
        found = names(config, userTable={"name": "users", "pictureField": "photo"})
        assert found == NameMap({}, {"public.users": {"avatar_url": "photo", "picture_url": "photo"}})

    def test_both_spellings_are_one_key(self, config: Path) -> None:
        """The original's types said `setupsTable`, its files `setupTable`."""
        assert names(config, setupsTable={"name": "kits"}) == names(config, setupTable={"name": "kits"})
        assert names(config, setupsTable="kits", setupTable="kits") == NameMap({"setups": "kits"})
        with pytest.raises(UsageError, match="say different things"):
            names(config, setupsTable="kits", setupTable="sets")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"userCount": "12"}, "userCount in {path} is '12'; allowed is a whole number, 0 or more."),
        ({"userCount": -1}, "userCount in {path} is -1;"),
        ({"userCount": True}, "userCount in {path} is True;"),
        ({"userCount": 1.5}, "userCount in {path} is 1.5;"),
        ({"seed": ""}, "seed in {path} is ''; allowed is a text that is not empty."),
        ({"schema": "makerkit"}, "schema in {path} is 'makerkit'; allowed is an object: {{...}}."),
        ({"schema": {"framework": 1.5}}, "schema.framework in {path} is 1.5;"),
        ({"schema": {"setupTable": {"name": []}}}, "schema.setupTable.name in {path} is [];"),
        ({"tables": {"setups": {"count": "8"}}}, "tables.setups.count in {path} is '8';"),
        ({"tables": {"gear": {"enumCategories": "a"}}}, "tables.gear.enumCategories in {path} is 'a';"),
        (
            {"userStrategy": "both"},
            "userStrategy in {path} is 'both'; allowed is create-new, use-existing, hybrid.",
        ),
        ({"createTeamAccounts": "yes"}, "createTeamAccounts in {path} is 'yes'; allowed is true or false."),
        ({"customTestEmails": [5]}, "customTestEmails in {path} is 5; allowed is a list of texts."),
        ({"additionalUsers": {"personas": "x"}}, "additionalUsers.personas in {path} is 'x';"),
        ({"existingUsers": {"filter": {"a": []}}}, "existingUsers.filter in {path} is {{'a': []}};"),
        ([1, 2], "{path} holds list; allowed is an object: {{...}}."),
        ("text", "{path} holds str; allowed is an object: {{...}}."),
    ],
)
def test_a_wrong_value_names_key_file_and_what_is_allowed(config: Path, values: object, said: str) -> None:
    """As for an option: who says what, and what would do."""
    with pytest.raises(UsageError) as caught:
        read(config, values)
    assert str(caught.value).startswith(said.format(path=config))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"userCount": 5', "is no JSON: Expecting ',' delimiter: line 1 column 16"),
        (b"", "is no JSON: Expecting value: line 1 column 1"),
        (b'{"seed": "\xff"}', "is no JSON: 'utf-8' codec"),
        (b'{"a":' * 200_000, "is no JSON: it is nested too deeply"),
        (b" " * (LARGEST + 1), "is larger than 1,000,000 bytes"),
    ],
)
def test_what_is_no_configuration_is_named(config: Path, content: bytes, said: str) -> None:
    """Broken, endless or huge: one message with the file's place."""
    config.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_original(config)
    assert str(caught.value).startswith(f"{config} {said}")


def test_a_folder_of_that_name_is_named(config: Path) -> None:
    """It cannot be read."""
    config.mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        read_original(config)


def test_a_byte_order_mark_and_javascript_s_numbers_are_fine(config: Path) -> None:
    """Editors on Windows write the one, JavaScript the other."""
    config.write_bytes(b'\xef\xbb\xbf{"userCount": 8.0, "seed": 2025}')
    found = read_original(config)
    assert found is not None
    assert dict(found.options) == {"users": 8, "seed": "2025"}
