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
from pytest_supaseed.rows.messages import NonceFactory, NotificationFactory
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
    "makerkit.notifications": NotificationFactory,
    "makerkit.nonces": NonceFactory,
    "basejump.invitations": InvitationFactory,
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
