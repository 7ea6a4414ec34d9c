"""Error pages for people: what happened, what to do, and an id to name.

They ask no database and need no session: the page about a broken database must not
break on it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from housemail.web import request_id
from housemail.web.context import site


def _page(
    request: HttpRequest, status: int, title: str, sentence: str, *, sign_in: str = ""
) -> HttpResponse:
    text = render_to_string(
        "web/error.html",
        {
            **site(request),
            "status": status,
            "title": title,
            "sentence": sentence,
            "sign_in": sign_in,
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
        sign_in=_other_sign_in(request),
    )


def _other_sign_in(request: HttpRequest) -> str:
    """Return the way to sign out, in as somebody else, and back to this page."""
    here = request.get_full_path() if request.method == "GET" else "/"
    again = f"{reverse('account_login')}?{urlencode({'next': here})}"
    return f"{reverse('account_logout')}?{urlencode({'next': again})}"


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
        _("Nothing you did caused this. Try again in a minute."),
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
