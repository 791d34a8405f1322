"""Our factories by the names under which plans and recipes know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.billing import (
    BasejumpCustomerFactory,
    CustomerFactory,
    OrderFactory,
    OrderItemFactory,
    SubscriptionFactory,
    SubscriptionItemFactory,
)
from pytest_supaseed.rows.content import (
    GearFactory,
    MediaFactory,
    PostFactory,
    SetupFactory,
    SetupTypeFactory,
)
from pytest_supaseed.rows.known_identities import KnownIdentityFactory
from pytest_supaseed.rows.messages import NonceFactory, NotificationFactory
from pytest_supaseed.rows.sessions import (
    AmrClaimFactory,
    FactorFactory,
    RefreshTokenFactory,
    SessionFactory,
    SsoProviderFactory,
)
from pytest_supaseed.rows.team_roles import CustomRoleFactory
from pytest_supaseed.rows.teams import (
    BasejumpInvitationFactory,
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
    "identities.known": KnownIdentityFactory,
    "auth.sso_providers": SsoProviderFactory,
    "auth.mfa_factors": FactorFactory,
    "auth.sessions": SessionFactory,
    "auth.refresh_tokens": RefreshTokenFactory,
    "auth.mfa_amr_claims": AmrClaimFactory,
    "roles.custom": CustomRoleFactory,
    "makerkit.teams": MakerkitTeamFactory,
    "makerkit.owners": OwnerFactory,
    "makerkit.members": MemberFactory,
    "makerkit.invitations": InvitationFactory,
    "makerkit.notifications": NotificationFactory,
    "makerkit.nonces": NonceFactory,
    "basejump.invitations": BasejumpInvitationFactory,
    "basejump.billing_customers": BasejumpCustomerFactory,
    "billing_customers": CustomerFactory,
    "subscriptions": SubscriptionFactory,
    "subscription_items": SubscriptionItemFactory,
    "orders": OrderFactory,
    "order_items": OrderItemFactory,
    "setup_types": SetupTypeFactory,
    "setups": SetupFactory,
    "gear": GearFactory,
    "media": MediaFactory,
    "posts": PostFactory,
}
