"""Tests in Django's own style: a database for each class, since Django prepares it once for a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase

from shop.models import Order, Product
from shop.orders import place_order
from shop.tests.conftest import django_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed import SeededDatabase


@pytest.fixture(scope="class")
def django_db_setup(supaseed_db_class: SeededDatabase) -> Iterator[None]:
    """The fixture of conftest.py for classes."""
    with django_on(supaseed_db_class):
        yield


class OrderTests(TestCase):
    """`setUpTestData` is undone after the class, a test's own changes after the test: both by Django."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Choose a customer and a product of the seeded ones."""
        cls.customer = get_user_model().objects.order_by("pk").first()
        cls.product = Product.objects.filter(stock__gt=2).order_by("pk").first()

    def test_stock_goes_down(self) -> None:
        """By as many pieces as were ordered."""
        stock = self.product.stock
        place_order(self.customer, {self.product.pk: 2})
        self.product.refresh_from_db()
        assert self.product.stock == stock - 2

    def test_the_mail_waits_for_the_commit(self) -> None:
        """Django's own means to see what would happen on commit."""
        before = Order.objects.count()
        with self.captureOnCommitCallbacks() as callbacks:
            place_order(self.customer, {self.product.pk: 1})
        assert (len(callbacks), Order.objects.count()) == (1, before + 1)
