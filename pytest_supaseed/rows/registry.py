"""Our factories by the names under which plans and recipes know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.content import SetupFactory, SetupTypeFactory
from pytest_supaseed.rows.teams import (
    InvitationFactory,
    MakerkitTeamFactory,
    MemberFactory,
    OwnerFactory,
)
from pytest_supaseed.rows.users import IdentityFactory, UserFactory

if TYPE_CHECKING:
    from pytest_supaseed.rows.factories import TableFactory

FACTORIES: dict[str, type[TableFactory]] = {
    "users": UserFactory,
    "identities": IdentityFactory,
    "makerkit.teams": MakerkitTeamFactory,
    "makerkit.owners": OwnerFactory,
    "makerkit.members": MemberFactory,
    "makerkit.invitations": InvitationFactory,
    "basejump.teams": MakerkitTeamFactory,
    "setup_types": SetupTypeFactory,
    "setups": SetupFactory,
}
