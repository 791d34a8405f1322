"""The people that a test finds: they can sign in, and each has an account of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bcrypt
import pytest

if TYPE_CHECKING:
    from pytest_supaseed import SeededDatabase

RESERVED = ("example.com", "example.org", ".test", ".example")


def test_addresses_are_unique_and_belong_to_nobody(supaseed_db: SeededDatabase) -> None:
    """No seeded address can reach a real person, and no two people share one."""
    addresses = [user.email for user in supaseed_db.users]
    assert len(set(addresses)) == len(addresses) > 0
    assert all(address.endswith(RESERVED) for address in addresses)
    assert all(address == address.lower() for address in addresses)


@pytest.mark.parametrize("index", [0, 1, -1])
def test_a_user_can_sign_in(supaseed_db: SeededDatabase, index: int) -> None:
    """The stored hash is that of the documented password, and there is an e-mail identity to sign in with."""
    user = supaseed_db.users[index]
    assert bcrypt.checkpw(b"password123", user.encrypted_password.encode())
    (identity,) = supaseed_db.rows("identities", user_id=user.id)
    assert identity.provider == "email"
    assert identity.identity_data["email"] == user.email


def test_each_user_has_one_personal_account(supaseed_db: SeededDatabase) -> None:
    """The trigger on auth.users made the personal accounts: same id, same address, no slug."""
    accounts = {account.id: account for account in supaseed_db.rows("accounts", is_personal_account=True)}
    assert accounts.keys() == {user.id for user in supaseed_db.users}
    for user in supaseed_db.users:
        account = accounts[user.id]
        assert (account.email, account.slug) == (user.email, None)
        assert account.primary_owner_user_id == user.id


@pytest.mark.supaseed(users=3)
def test_one_test_may_ask_for_other_data(supaseed_db: SeededDatabase) -> None:
    """A marker gives this test three people, whatever the rest of the run has."""
    assert len(supaseed_db.users) == 3
    assert supaseed_db.count("identities") == 3


def test_an_address_that_changes_is_followed(supaseed_db: SeededDatabase) -> None:
    """The account's address goes with the user's, and nobody else's changes."""
    first, second = supaseed_db.users[0], supaseed_db.users[1]
    supaseed_db.execute("update {users} set email = %s where id = %s", ("moved@campsite.example", first.id))
    (moved,) = supaseed_db.rows("accounts", id=first.id)
    (same,) = supaseed_db.rows("accounts", id=second.id)
    assert moved.email == "moved@campsite.example"
    assert same.email == second.email
