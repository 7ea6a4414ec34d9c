"""A customer's own orders: the list, each one's way, and what can be done about it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from housemail.mailboxes.errors import NotFound, Refusal
from housemail.mailboxes.wording import say_to_client
from housemail.people.models import User
from housemail.sales import catalogue, links, order_book, problems
from housemail.sales import orders as sold
from housemail.sales.first_password import make_link_token
from housemail.sales.models import Order, Service
from housemail.sales.states import State
from housemail.shop import passwords, timeline, visitors
from housemail.web.new_password import NewPasswordForm

PAGE_SIZE = 20
# Somebody looks at a set-up; payments and people take longer.
POLL_SECONDS = {State.SETTING_UP: 2}
POLL_SECONDS_ELSE = 10


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List the customer's orders, the newest first."""
    rows = order_book.of_customer(_customer(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "shop/orders.html", {"page": page})


@login_required
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show one order and its way."""
    return _page(request, _own(request, number))


@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Show the way alone, for a page that is open: 204 while nothing is new."""
    if not request.user.is_authenticated:
        # The page itself leads to the sign-in and back.
        return HttpResponseClientRefresh()
    found = _own(request, number)
    if not visitors.asks_for_part(request):
        return redirect("shop:order", found.number)
    known = _known(found)
    if known["mark"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    if not known["poll_seconds"] or known["problem"]:
        # More of the page than its steps is another now.
        return HttpResponseClientRefresh()
    return render(request, "shop/_progress.html", known)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def other_name(request: HttpRequest, number: str) -> HttpResponse:
    """Give an order another name when the name was the problem."""
    found = _own(request, number)
    if request.method != "POST":  # a refused form's page was loaded again
        return redirect("shop:order", found.number)
    handle = request.POST.get("handle", "")[:254]
    domain = request.POST.get("domain", "")[:253]
    try:
        sold.choose_other_name(
            found,
            visitors.actor_of(request),
            visitors.deadline(),
            handle=handle,
            domain=domain,
        )
    except Refusal as refusal:
        typed = {"handle": handle, "domain": domain}
        return _page(request, _own(request, number), refusal, name=typed)
    messages.success(
        request, _("Your order is for %(address)s now.") % {"address": found.address}
    )
    return redirect("shop:order", found.number)


@login_required
@require_POST
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Try the set-up again that failed; the page says how far it is then."""
    found = _own(request, number)
    try:
        sold.retry(found, visitors.actor_of(request), visitors.deadline())
    except Refusal as refusal:
        messages.error(request, say_to_client(refusal))
    else:
        if found.state == State.PROBLEM:
            messages.warning(request, _("We tried again, and it did not work yet."))
    return redirect("shop:order", found.number)


@login_required
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel an order that is not paid."""
    found = _own(request, number)
    try:
        sold.cancel(found, visitors.actor_of(request))
    except Refusal as refusal:
        messages.error(request, say_to_client(refusal))
    else:
        messages.success(
            request,
            _("Order %(number)s is cancelled; nothing has to be paid.")
            % {"number": found.number},
        )
    return redirect("shop:order", found.number)


@sensitive_post_parameters("password", "again")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, number: str) -> HttpResponse:
    """Set the first password of the mailbox that the order became."""
    found = _own(request, number)
    if request.method != "POST":
        return redirect("shop:order", found.number)
    if not _wants_password(found):
        messages.info(request, _("The first password of this mailbox was set before."))
        return redirect("shop:order", found.number)
    form = NewPasswordForm(request.POST)
    if not passwords.set_first(request, form, make_link_token(found.service)):
        return _page(request, found, form=form)
    return redirect("shop:order", found.number)


def _customer(request: HttpRequest) -> User:
    if not request.user.is_authenticated:  # pages are closed before they come here
        raise Http404
    return request.user


def _own(request: HttpRequest, number: str) -> Order:
    """Return an order of this customer's; another's is one that does not exist."""
    try:
        found = order_book.get(_customer(request), number)
    except NotFound as missing:
        raise Http404 from missing
    # Its events once, for the steps and for what is awaited.
    prefetch_related_objects([found], "events")
    return found


def _wants_password(order: Order) -> bool:
    return (
        order.state == State.DONE
        and order.service.state == Service.State.ACTIVE
        and not order.service.passwords_set
    )


def _known(order: Order) -> dict[str, object]:
    """Return what page and fragment show of an order."""
    events = list(order.events.all())
    final = order.state in timeline.FINAL
    seconds = 0 if final else POLL_SECONDS.get(State(order.state), POLL_SECONDS_ELSE)
    problem = problems.explain(order) if order.state == State.PROBLEM else None
    return {
        "order": order,
        "steps": timeline.shown(order, events),
        "mark": timeline.mark(order, events),
        "poll_seconds": seconds,
        "problem": problem,
        "domains": catalogue.domains(order.product),
        "options": [
            (option, catalogue.say_value(option, value))
            for option, value in order.options.items()
        ],
        "awaits_payment": order_book.awaits_payment(order),
        "how_to_pay": settings.HOUSEMAIL_HOW_TO_PAY,
        "may_cancel": sold.may_cancel(order),
        "wants_password": _wants_password(order),
        "adopted": order_book.was_adopted(order),
        "mailbox_url": links.MAILBOX.format(ref=order.service.ref),
        "state": order.service.state,
    }


def _page(
    request: HttpRequest,
    order: Order,
    refusal: Refusal | None = None,
    *,
    name: dict[str, str] | None = None,
    form: NewPasswordForm | None = None,
) -> HttpResponse:
    known = _known(order) | {
        "name": name or {"handle": order.handle, "domain": order.domain},
        "name_error": refusal and say_to_client(refusal),
        "form": form or NewPasswordForm(),
    }
    status = refusal.status if refusal else 200
    return render(request, "shop/order.html", known, status=status)
