"""The tables of the shop. Tests make their schema by running the migrations."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Category(models.Model):
    """What products are found under."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.name)


class Product(models.Model):
    """Something that can be bought while `stock` lasts."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(price__gt=0), name="shop_product_price"),)

    def __str__(self) -> str:
        return str(self.name)


class Order(models.Model):
    """What a customer has bought at one time."""

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="orders")
    placed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"order {self.pk}"


class OrderLine(models.Model):
    """So many pieces of a product, at the price that it had then."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    pieces = models.PositiveSmallIntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order", "product"], name="shop_orderline_once"),
            models.CheckConstraint(condition=models.Q(pieces__gte=1), name="shop_orderline_pieces"),
        )

    def __str__(self) -> str:
        return f"{self.pieces} of product {self.product_id}"
