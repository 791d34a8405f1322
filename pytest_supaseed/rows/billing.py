"""What teams pay, as MakerKit and Basejump keep it: customers, subscriptions with items, orders with items.

A team is a customer of a payment provider under the team's own number, so every row finds its team, its
customer and its subscription or order by numbers alone. What belongs together agrees: a subscription's status
with its periods, an order's total with its items.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import factory

from pytest_supaseed.plan.recipes import ITEMS
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant, DrawnFrom, FromRow, Instant, Parent
from pytest_supaseed.rows.domain_fields import FromDomain
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.in_turn import EachInTurn, InTurn
from pytest_supaseed.rows.teams import TeamOf, same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_supaseed.rows.business_domains import BusinessDomain
    from pytest_supaseed.rows.chunk import Chunk

PROVIDER = "stripe"
CURRENCY = "usd"
PERIOD = timedelta(days=30)
"""What a subscription is paid for at a time."""
PAID_FOR = frozenset({"active", "trialing"})
"""Statuses under which a team has what it subscribed to."""
CANCELED = frozenset({"canceled", "cancelled"})
ENDED = CANCELED | {"incomplete_expired"}
STATUSES = (
    "active",
    "trialing",
    "past_due",
    "canceled",
    "unpaid",
    "paused",
    "incomplete",
    "incomplete_expired",
)
"""Statuses in the order in which subscriptions get them."""
PAYMENTS = ("succeeded", "pending", "failed")


class ProviderId(ColumnDeclaration):
    """An identifier as payment providers give them, `sub_0e7f...`: it belongs to the row's number."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return self.at(chunk, name, chunk.indices)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        stream = chunk.scope.stream(name)
        return [f"{self.prefix}_{stream.uuid(index).hex[:24]}" for index in indices]


class CurrentPeriod(ColumnDeclaration):
    """The beginning of the period that runs at the reference instant, counted from the field `since`."""

    def __init__(self, since: str) -> None:
        super().__init__()
        self.since = since

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        end = chunk.scope.reference
        begun = cast("Sequence[datetime]", chunk.column(self.since))
        return [start + (end - start) // PERIOD * PERIOD for start in begun]


def parent_of_item(row: int, count: int) -> int:
    """The number of the subscription or order that an item belongs to."""
    return row // ITEMS % count


def item_price(words: BusinessDomain, order: int, item: int) -> Decimal:
    """What one piece of an order's item costs."""
    return words.prices[(order * ITEMS + item) % len(words.prices)]


def item_quantity(order: int, item: int) -> int:
    """How many pieces of an item an order is for: 1 to 3."""
    return 1 + (order + item) % 3


def order_total(words: BusinessDomain, order: int) -> Decimal:
    """What an order's items cost together."""
    costs = (item_price(words, order, item) * item_quantity(order, item) for item in range(ITEMS))
    return sum(costs, Decimal(0))


def _when(statuses: frozenset[str], field: str) -> Callable[[Any, int], object]:
    """A function that gives a row's `field` under these statuses, and NULL under all others."""
    return lambda row, _index: getattr(row, field) if row.status in statuses else None


class CustomerFactory(TableFactory):
    """A team as a customer of the payment provider."""

    class Meta:
        table = "billing_customers"
        lenient = True

    account_id = TeamOf()
    email = factory.Sequence(lambda n: f"billing.{n + 1}@example.com")
    provider = Constant(PROVIDER)
    customer_id = ProviderId("cus")
    active = Constant(value=True)


class BasejumpCustomerFactory(CustomerFactory):
    """The same where the provider's identifier is the key."""

    id = ProviderId("cus")


class SubscriptionFactory(TableFactory):
    """A team's subscription, in the period that runs at the reference instant."""

    class Meta:
        table = "subscriptions"
        lenient = True

    id = ProviderId("sub")
    account_id = TeamOf()
    billing_customer_id = Parent("billing_customers", index=same)
    status = EachInTurn(*STATUSES, usual="active")
    active = FromRow(lambda row, _index: row.status in PAID_FOR)
    billing_provider = Constant(PROVIDER)
    provider = Constant(PROVIDER)
    currency = Constant(CURRENCY)
    cancel_at_period_end = DrawnFrom(lambda row, draws: row.status in PAID_FOR and draws.random() < 0.1)  # noqa: PLR2004  # one in ten is leaving
    plan_name = FromDomain(lambda words, _row, index: words.plans[index % len(words.plans)][0])
    price_id = FromRow(lambda row, _index: f"price_{row.plan_name}")
    quantity = Constant(1)
    metadata = Constant({})
    created_at = Instant()
    created = factory.SelfAttribute("created_at")
    updated_at = Instant(after="created_at")
    period_starts_at = CurrentPeriod("created_at")
    period_ends_at = FromRow(lambda row, _index: row.period_starts_at + PERIOD)
    current_period_start = factory.SelfAttribute("period_starts_at")
    current_period_end = factory.SelfAttribute("period_ends_at")
    trial_starts_at = FromRow(_when(frozenset({"trialing"}), "period_starts_at"))
    trial_ends_at = FromRow(_when(frozenset({"trialing"}), "period_ends_at"))
    trial_start = factory.SelfAttribute("trial_starts_at")
    trial_end = factory.SelfAttribute("trial_ends_at")
    canceled_at = FromRow(_when(CANCELED, "period_starts_at"))
    ended_at = FromRow(_when(ENDED, "period_starts_at"))
    cancel_at = FromRow(lambda row, _index: row.period_ends_at if row.cancel_at_period_end else None)


def _plan(words: BusinessDomain, _row: Any, index: int) -> tuple[str, Decimal]:
    return words.plans[index // ITEMS % len(words.plans)]


def _item_cost(words: BusinessDomain, row: Any, _index: int) -> Decimal:
    return words.seat if row.type == "per_seat" else row.chosen_plan[1]


class SubscriptionItemFactory(TableFactory):
    """One of the things that a subscription is paid for: the plan, and seats."""

    class Meta:
        table = "subscription_items"
        lenient = True
        exclude = ("chosen_plan",)

    id = ProviderId("si")
    subscription_id = Parent("subscriptions", index=parent_of_item)
    chosen_plan = FromDomain(_plan)
    product_id = FromRow(lambda row, _index: f"prod_{row.chosen_plan[0]}")
    variant_id = ProviderId("price")
    type = InTurn("flat", "per_seat")
    price_amount = FromDomain(_item_cost)
    quantity = DrawnFrom(lambda row, draws: draws.between(2, 12) if row.type == "per_seat" else 1)
    interval = Constant("month")
    interval_count = Constant(1)
    created_at = Instant()
    updated_at = Instant(after="created_at")


class OrderFactory(TableFactory):
    """What a team bought once."""

    class Meta:
        table = "orders"
        lenient = True

    id = ProviderId("ord")
    account_id = TeamOf()
    billing_customer_id = Parent("billing_customers", index=same)
    status = EachInTurn(*PAYMENTS, usual="succeeded")
    billing_provider = Constant(PROVIDER)
    total_amount = FromDomain(lambda words, _row, index: order_total(words, index), placed=True)
    currency = Constant(CURRENCY)
    created_at = Instant()
    updated_at = Instant(after="created_at")


class OrderItemFactory(TableFactory):
    """One of the things that an order is for."""

    class Meta:
        table = "order_items"
        lenient = True

    id = ProviderId("oi")
    order_id = Parent("orders", index=parent_of_item)
    product_id = FromDomain(lambda words, _row, index: f"prod_{index % len(words.prices) + 1}")
    variant_id = ProviderId("price")
    price_amount = FromDomain(
        lambda words, _row, index: item_price(words, index // ITEMS, index % ITEMS), placed=True
    )
    quantity = FromDomain(
        lambda _words, _row, index: item_quantity(index // ITEMS, index % ITEMS), placed=True
    )
    created_at = Instant()
    updated_at = Instant(after="created_at")
