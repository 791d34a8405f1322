"""The service's answers, in JSON."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from shop.models import Product
from shop.orders import OutOfStockError, place_order

PAGE = 20


@require_GET
def product_list(request: HttpRequest) -> JsonResponse:
    """List what is in stock, by name, with its category."""
    found = Product.objects.filter(stock__gt=0).select_related("category").order_by("name", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return JsonResponse({"pages": page.paginator.num_pages, "products": [_shown(one) for one in page]})


@login_required
@require_POST
def order(request: HttpRequest) -> JsonResponse:
    """Place an order: `{"<product id>": <pieces>, ...}`."""
    try:
        pieces = {int(number): int(wanted) for number, wanted in json.loads(request.body).items()}
    except (ValueError, AttributeError):
        return JsonResponse({"error": "an order is an object of pieces by product"}, status=400)
    if not pieces or min(pieces.values()) < 1:
        return JsonResponse({"error": "an order has at least one piece of each product"}, status=400)
    try:
        placed = place_order(request.user, pieces)
    except OutOfStockError as error:
        return JsonResponse({"error": str(error)}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"order": placed.pk}, status=HTTPStatus.CREATED)


def _shown(product: Product) -> dict[str, Any]:
    return {"id": product.pk, "name": product.name, "category": product.category.name}
