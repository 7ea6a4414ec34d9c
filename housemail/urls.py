"""The URL table: the billing API and the two health pages."""

from __future__ import annotations

from django.urls import path

from housemail.api.door import api
from housemail.web import health

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

handler400 = "housemail.api.problems.bad_request"
handler403 = "housemail.api.problems.forbidden"
handler404 = "housemail.api.problems.not_found"
handler500 = "housemail.api.problems.server_error"
