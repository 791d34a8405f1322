"""The factories that come with this package, to use as they are or to extend.

```python
from pytest_supaseed.factories import SetupFactory


class WinterSetupFactory(SetupFactory):
    title = factory.Sequence(lambda n: f"Winter {n}")
```

They are lenient: a field whose column a schema lacks is left out, one that a column cannot hold gives way to
what the catalog says, and foreign keys are found in the catalog. A field that you declare yourself is not:
where there is no such column, it is an error. Words, names and prices are those of `--supaseed-domain`.

`OwnerFactory`, `MemberFactory`, `MakerkitTeamFactory`, `IdentityFactory` and `BasejumpCustomerFactory` are
made for plans: which user is in which team follows from the rows' numbers. In tests `MembershipFactory` and
`AccountFactory` take what they are told.

Type checkers read `factories.pyi`, where fields have no types: any declaration may override another.
"""

from __future__ import annotations

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
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.messages import NonceFactory, NotificationFactory
from pytest_supaseed.rows.teams import (
    AccountFactory,
    InvitationFactory,
    MakerkitTeamFactory,
    MemberFactory,
    MembershipFactory,
    OwnerFactory,
    TeamFactory,
)
from pytest_supaseed.rows.users import IdentityFactory, ProfileFactory, UserFactory

__all__ = [
    "AccountFactory",
    "BasejumpCustomerFactory",
    "CustomerFactory",
    "GearFactory",
    "IdentityFactory",
    "InvitationFactory",
    "MakerkitTeamFactory",
    "MediaFactory",
    "MemberFactory",
    "MembershipFactory",
    "NonceFactory",
    "NotificationFactory",
    "OrderFactory",
    "OrderItemFactory",
    "OwnerFactory",
    "PostFactory",
    "ProfileFactory",
    "SetupFactory",
    "SetupTypeFactory",
    "SubscriptionFactory",
    "SubscriptionItemFactory",
    "TableFactory",
    "TeamFactory",
    "UserFactory",
]
