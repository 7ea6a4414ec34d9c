"""The first password: on the order's page, and by the link of the e-mail.

The link's token leaves the address bar at once: into the session, then a page without
it. Looking uses nothing up; mail programs open links before people do.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.wording import say_code, say_to_client
from housemail.sales import first_password as links
from housemail.sales.links import MAILBOX
from housemail.shop import visitors
from housemail.web.new_password import NewPasswordForm

_KEPT = "shop_first_password"


@require_safe
@never_cache
def from_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address and go to the page."""
    request.session[_KEPT] = token
    return redirect("shop:first_password")


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Ask for the first password and set it."""
    token = str(request.session.get(_KEPT, ""))
    try:
        service = links.service_of(token)
    except Refusal as refusal:
        why = {"error": say_to_client(refusal)}
        return render(request, "shop/first_password.html", why, status=refusal.status)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and set_first(request, form, token):
        request.session.pop(_KEPT, None)
        return redirect(MAILBOX.format(ref=service.ref))
    known = {"service": service, "form": form}
    return render(request, "shop/first_password.html", known)


def set_first(request: HttpRequest, form: NewPasswordForm, token: str) -> bool:
    """Set the password that was typed, and say so; or put the reason into the form."""
    if not form.is_valid():
        return False
    try:
        answer = links.redeem(
            token, visitors.deadline(), password=form.cleaned_data["password"]
        )
    except Refusal as refusal:
        form.add_error("password", say_to_client(refusal))
        return False
    if answer.status == 200:
        messages.success(
            request, _("The password is set. Use it in your mail programs.")
        )
    else:
        messages.warning(request, say_code(answer.code, answer.params, settled=False))
    return True
