"""What a person chooses about the pages: language, and light or dark."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEME_COOKIE = "housemail_theme"
THEMES = ("light", "dark")
_YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """Return ``light``, ``dark``, or "" for what the system prefers."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and, for somebody signed in, in the profile."""
    response = _back(request)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie; anything else forgets the choice."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _keep(response, THEME_COOKIE, theme, httponly=False)  # theme.js writes it too
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def _keep(
    response: HttpResponse, name: str, value: str, *, httponly: bool = True
) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, secure=True, httponly=httponly, samesite="Lax"
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the form was on, which may only be one of ours."""
    wished = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wished, {request.get_host()})
    return HttpResponseRedirect(wished if ours else "/")
