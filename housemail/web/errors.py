"""Error pages for people: what happened, what to do, and an id to name.

They ask no database and need no session: the page about a broken database must not
break on it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from housemail.web import request_id
from housemail.web.preferences import theme_of


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    text = render_to_string(
        "web/error.html",
        {
            "site_name": settings.HOUSEMAIL_SITE_NAME,
            "theme": theme_of(request),
            "status": status,
            "title": title,
            "sentence": sentence,
            "request_id": request_id.current(),
        },
    )
    return HttpResponse(text, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    del exception
    return _page(
        request,
        400,
        _("We did not understand that"),
        _("Your browser sent something we cannot read. Go back and try it again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    del exception
    return _page(
        request,
        403,
        _("This is not open to you"),
        _("You are signed in as somebody who may not see this page or do this."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    del exception
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what was here is gone."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; Django has logged the exception."""
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing you did caused this. Try again in a minute; if it stays, tell us."),
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without the mark by which we know it as ours."""
    del reason
    return _page(
        request,
        403,
        _("This form is too old"),
        _("Go back, load the page again and send it once more. Nothing was changed."),
    )


def too_many_requests(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    """Answer 429."""
    del exception
    return _page(
        request,
        429,
        _("That was too often"),
        _("Wait a few minutes, then try it again. Nothing was changed."),
    )
