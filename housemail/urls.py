"""The URL table: the doors, and who words what went wrong in front of them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from housemail.account import urls as account
from housemail.api import problems
from housemail.api.door import api
from housemail.console.site import site as console
from housemail.customer import urls as customer
from housemail.shop import urls as shop
from housemail.web import errors, health
from housemail.web import urls as web
from housemail.web.paths import is_api

Answer = Callable[..., HttpResponseBase]

urlpatterns = [
    path("api/v1/", api.urls),
    path("account/", include(account)),
    path("console/", console.urls),
    path("", include(shop)),
    path("mailboxes/", include(customer)),
    path("", include(web)),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]


def _worded(for_programs: Answer, for_people: Answer) -> Answer:
    """Return a handler that answers in the words of who asks."""

    def answer(
        request: HttpRequest, exception: Exception | None = None
    ) -> HttpResponseBase:
        words = for_programs if is_api(request.path) else for_people
        return words(request) if exception is None else words(request, exception)

    return answer


handler400 = _worded(problems.bad_request, errors.bad_request)
handler403 = _worded(problems.forbidden, errors.forbidden)
handler404 = _worded(problems.not_found, errors.not_found)
handler500 = _worded(problems.server_error, errors.server_error)
# allauth asks for this one when somebody tries too often.
handler429 = errors.too_many_requests
