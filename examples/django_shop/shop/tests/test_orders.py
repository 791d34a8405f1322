"""Orders: real commits, so that threads, mails and other connections see what they will see in production."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from shop.models import Order, OrderLine, Product
from shop.orders import OutOfStockError, place_order

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.test import Client

    from pytest_supaseed import Row, SeededDatabase

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "password123"  # noqa: S105  # every seeded user's


@pytest.fixture
def customer(supaseed_db: SeededDatabase) -> Any:
    """A seeded user, as Django's model."""
    return get_user_model().objects.get(pk=supaseed_db.users[0].id)


def test_a_customer_orders(
    client: Client,
    customer: Any,
    product: Product,
    supaseed_db: SeededDatabase,
    mailoutbox: list[EmailMessage],
) -> None:
    """Committed, seen by another connection, and confirmed by mail, which is sent on commit."""
    assert client.login(username=customer.username, password=PASSWORD)
    answer = client.post(reverse("shop:order"), {product.pk: 2}, content_type="application/json")
    assert answer.status_code == 201
    (line,) = supaseed_db.rows("shop_orderline", order_id=answer.json()["order"])
    assert (line.product_id, line.pieces, line.price) == (product.pk, 2, product.price)
    assert supaseed_db.rows("shop_product", id=product.pk)[0].stock == 3
    assert [mail.to for mail in mailoutbox] == [[customer.email]]


def test_all_or_nothing(customer: Any, supaseed_db: SeededDatabase, mailoutbox: list[EmailMessage]) -> None:
    """One of two products is out of stock: neither is taken, no order is kept, no mail is sent."""
    plenty = supaseed_db.create("shop_product", stock=9)
    scarce = supaseed_db.create("shop_product", stock=1)
    orders = Order.objects.count()
    with pytest.raises(OutOfStockError, match=f"product {scarce.id} is not in stock 2 times"):
        place_order(customer, {plenty.id: 1, scarce.id: 2})
    assert Product.objects.get(pk=plenty.id).stock == 9
    assert Order.objects.count() == orders
    assert mailoutbox == []


def test_the_last_pieces_are_sold_once(customer: Any, supaseed_db: SeededDatabase) -> None:
    """Eight threads, each on a connection of its own, and three pieces."""
    product = supaseed_db.create("shop_product", stock=3)

    def one(_: int) -> bool:
        try:
            place_order(customer, {product.id: 1})
        except OutOfStockError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(one, range(8))) == [False] * 5 + [True] * 3
    assert Product.objects.get(pk=product.id).stock == 0


@pytest.mark.parametrize("body", ["[]", "{", "{}", '{"1": 0}', '{"one": 1}'])
def test_what_is_no_order(client: Client, customer: Any, body: str) -> None:
    """Told so, and nothing is ordered."""
    client.force_login(customer)
    orders = Order.objects.count()
    assert client.post(reverse("shop:order"), body, content_type="application/json").status_code == 400
    assert Order.objects.count() == orders


def test_a_live_server(live_server: Any, client: Client, customer: Any) -> None:
    """Another thread answers over HTTP, and knows the session that this one has begun."""
    client.force_login(customer)
    cookies = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}
    with closing(HTTPConnection(live_server.thread.host, live_server.thread.port)) as browser:
        browser.request("GET", reverse("shop:products"), headers=cookies)
        assert json.load(browser.getresponse())["pages"] == 2
        browser.request("POST", reverse("shop:order"), "{}", headers=cookies)
        assert browser.getresponse().status == 403  # without Django's token against forgery


def test_factories_of_both_kinds(product: Product, order_line: Row, supaseed_db: SeededDatabase) -> None:
    """What one of them commits, the other refers to."""
    assert Order.objects.get(pk=order_line.order.id).customer_id == order_line.order.customer_id
    line = supaseed_db.create("shop_orderline", order=order_line.order, product_id=product.pk, pieces=4)
    assert OrderLine.objects.get(pk=line.id).product == product
