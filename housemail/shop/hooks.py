"""``orders.paid`` by a signed web hook; docs/shop.md says how to sign one."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from housemail.mailboxes.errors import Refusal
from housemail.sales import webhook


@csrf_exempt  # signed instead: see sales/webhook.py
@require_POST
def orders(request: HttpRequest) -> JsonResponse:
    """Take a message about an order; the same one twice changes nothing."""
    try:
        received = webhook.receive(request.headers, request.body)
    except Refusal as refusal:
        return _problem(refusal)
    return JsonResponse({"result": received.result, "order": received.order})


def _problem(refusal: Refusal) -> JsonResponse:
    """Return a refusal as an RFC 9457 problem; a program reads it, in English."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
    }
    return JsonResponse(
        body, status=refusal.status, content_type="application/problem+json"
    )
