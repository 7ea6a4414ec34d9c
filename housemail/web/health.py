"""Whether the process lives, and whether it can work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    del request
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers; 503 keeps a balancer away."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "unavailable"}, status=503)
    return JsonResponse({"ok": True})
