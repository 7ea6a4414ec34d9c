"""In which language a page is written: profile, then cookie, then browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from housemail.web.paths import is_api


class LanguageMiddleware:
    """Activates the language of the person for the time of one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one in the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in that language; the API chooses for itself."""
        if is_api(request.path):
            return self._get_response(request)
        with translation.override(language_of(request)):
            response = self._get_response(request)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


def language_of(request: HttpRequest) -> str:
    """Return the person's language; who has no session costs no query."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        wish = getattr(request.user, "language", "")
        if wish in dict(settings.LANGUAGES):
            return str(wish)
    return translation.get_language_from_request(request)
