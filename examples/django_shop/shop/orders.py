"""Placing an order: stock goes down, and a mail goes out, or nothing happens at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.mail import send_mail
from django.db import transaction

from shop.models import Order, OrderLine, Product

if TYPE_CHECKING:
    from collections.abc import Mapping


class OutOfStockError(Exception):
    """Fewer pieces are left than were ordered."""


def place_order(customer: Any, pieces: Mapping[int, int]) -> Order:
    """Take products out of stock for a customer, and confirm that by mail once it is committed.

    Args:
        customer: a user.
        pieces: how many, by the product's id.

    Raises:
        OutOfStockError: there are not as many, or there is no such product.
    """
    with transaction.atomic():
        locked = Product.objects.select_for_update().filter(pk__in=pieces).order_by("pk")  # in one order
        products = {product.pk: product for product in locked}
        order = Order.objects.create(customer=customer)
        for number, wanted in pieces.items():
            product = products.get(number)
            if product is None or product.stock < wanted:
                raise OutOfStockError(f"product {number} is not in stock {wanted} times")
            product.stock -= wanted
            product.save(update_fields=["stock"])
            OrderLine.objects.create(order=order, product=product, pieces=wanted, price=product.price)
        transaction.on_commit(lambda: _confirm(order))
    return order


def _confirm(order: Order) -> None:
    send_mail(f"Your order {order.pk}", "Thank you.", None, [order.customer.email])
