"""Factories of both kinds: Django's models through Django, tables through this package."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from pytest_supaseed import Parent, TableFactory
from shop.models import Category, Product


class CategoryFactory(DjangoModelFactory):
    """A category, in Django's own transaction."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n} of the test")


class ProductFactory(DjangoModelFactory):
    """A product, likewise."""

    class Meta:
        model = Product

    category = factory.SubFactory(CategoryFactory)
    name = "Lamp"
    price = 20
    stock = 5


class OrderFactory(TableFactory):
    """An order of a seeded customer, committed at once; columns left out are filled validly."""

    class Meta:
        table = "shop_order"

    customer = Parent("users")


class OrderLineFactory(TableFactory):
    """A line of an order of its own."""

    class Meta:
        table = "shop_orderline"

    order = factory.SubFactory(OrderFactory)
    pieces = 1
