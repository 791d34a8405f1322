"""The addresses of the shop."""

from __future__ import annotations

from django.urls import path

from shop import views

app_name = "shop"
urlpatterns = [
    path("products/", views.product_list, name="products"),
    path("orders/", views.order, name="order"),
]
