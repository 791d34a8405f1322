"""The list of products: `db` and `client` of pytest-django, on seeded rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from shop.models import Product

if TYPE_CHECKING:
    from django.test import Client

    from pytest_supaseed import SeededDatabase

pytestmark = pytest.mark.django_db


def names(client: Client, **asked: str) -> list[str]:
    """Return the names on a page of the list."""
    answer = client.get(reverse("shop:products"), asked)
    assert answer.status_code == 200
    return [product["name"] for product in answer.json()["products"]]


def test_django_reads_the_seeded_rows(supaseed_db: SeededDatabase) -> None:
    """The ORM and plain SQL see the same 40 products."""
    seeded = {row.id: (row.name, row.price) for row in supaseed_db.rows("shop_product")}
    assert {one.pk: (one.name, one.price) for one in Product.objects.all()} == seeded
    assert len(seeded) == 40


@pytest.mark.parametrize("number", range(2))
def test_what_django_writes_is_rolled_back(client: Client, number: int) -> None:
    """Both tests find the stock that this one takes away."""
    assert names(client), number
    Product.objects.update(stock=0)
    assert names(client) == []


def test_two_pages(client: Client) -> None:
    """Every product in stock is on one of the pages, once, by name."""
    shown = names(client) + names(client, page="2")
    wanted = Product.objects.filter(stock__gt=0).order_by("name", "pk")
    assert shown == [product.name for product in wanted]


def test_a_page_takes_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    """A count and a page, however many products there are, and no query for each category."""
    with django_assert_num_queries(2):
        names(client)


def test_a_factory_of_django(client: Client, product: Product) -> None:
    """pytest-factoryboy makes a Django model, in the test's own transaction."""
    assert product.name in names(client) + names(client, page="2") + names(client, page="3")


@pytest.mark.parametrize("product__stock", [0])
def test_what_is_sold_out_is_not_shown(client: Client, product: Product) -> None:
    """A factory's field by a parameter, as pytest-factoryboy has it."""
    assert Product.objects.filter(pk=product.pk).exists()
    assert product.name not in names(client) + names(client, page="2") + names(client, page="3")
