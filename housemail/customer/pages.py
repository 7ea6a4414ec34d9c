"""My mailboxes, and of one mailbox: overview, password, the way into webmail."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from housemail.customer.answers import refused, tell
from housemail.customer.entrance import (
    Visit,
    change_of,
    own_mailbox,
    person,
    signed_in,
)
from housemail.customer.showing import ClosedError, known
from housemail.mailboxes import webmail
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.wording import say_to_client
from housemail.sales import links, service_list, services
from housemail.web.headers import allow_forms_to
from housemail.web.new_password import NewPasswordForm

PER_PAGE = 25


@signed_in
def mailboxes(request: HttpRequest) -> HttpResponse:
    """List one's own mailboxes, from our own record alone."""
    pages = Paginator(service_list.listed(person(request)), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = service_list.with_mailboxes(list(page.object_list))
    shown = {"page": page, "rows": rows, "shop": links.SHOP}
    response = render(request, "customer/mailboxes.html", shown)
    allow_forms_to(response, webmail.destinations())
    return response


@own_mailbox
def overview(visit: Visit) -> HttpResponse:
    """Show the mailbox, and how to use it."""
    try:
        shown = known(visit)
    except ClosedError as closed:
        return closed.page
    response = render(visit.request, "customer/overview.html", shown)
    allow_forms_to(response, webmail.destinations())
    return response


@never_cache
@change_of("overview")
def open_webmail(visit: Visit) -> HttpResponse:
    """Lead into webmail with a login that is made now, and good once."""
    try:
        login = webmail.login(visit.context(), visit.deadline())
    except Refusal as refusal:
        messages.error(visit.request, say_to_client(refusal))
        return visit.to("overview")
    if login.method == "GET":
        response = redirect(login.url)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    shown = {"login": login, "row": visit.row}
    page = render(visit.request, "customer/webmail.html", shown)
    allow_forms_to(page, webmail.destinations())
    return page


@sensitive_post_parameters("password", "again")
@own_mailbox
def password(visit: Visit) -> HttpResponse:
    """Change the mailbox's password."""
    form = NewPasswordForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        try:
            answer = services.set_password(
                visit.service,
                visit.actor,
                visit.deadline(),
                password=form.cleaned_data["password"],
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            done = _("The password was changed. Enter it in your mail programs too.")
            tell(visit.request, answer, done)
            return visit.to("password")
    try:
        shown = known(visit, ask=not form.is_bound)
    except ClosedError as closed:
        return closed.page
    return render(visit.request, "customer/password.html", shown | {"form": form})
