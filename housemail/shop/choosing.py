"""The first page: a name, is it free, and which plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from housemail.mailboxes.availability import Availability
from housemail.mailboxes.errors import Conflict, NotFound, Refusal, Throttled
from housemail.mailboxes.wording import say_to_client
from housemail.sales import catalogue, holds, order_book
from housemail.sales.holds import Held
from housemail.sales.models import Order, ProductGroup
from housemail.shop import plans, visitors
from housemail.shop.choice import Choice
from housemail.shop.wording import clock_time
from housemail.web import kept_notice


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A free name like the one that is not, and the page where it is chosen."""

    address: str
    handle: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said about a name; ``free`` None: it could not be looked at."""

    free: bool | None
    sentence: str
    status: int = 200
    suggestions: Sequence[Suggestion] = ()
    retry_seconds: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show the plans and take a name; go on to the review when it is held."""
    if request.method != "POST":
        return picker(request, Choice.of(request.GET))
    choice = Choice.of(request.POST)
    # Without a script this button asks whether the name is free.
    if "check" in request.POST:
        return redirect(choice.url("choose"))
    return _go_on(request, choice)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Say about a name what a script shows while it is typed."""
    choice = Choice.of(request.GET)
    if not visitors.asks_for_part(request):
        return redirect(choice.url("choose"))
    reply = _asked(request, choice, catalogue.groups_on_sale())
    return _answered(
        request, "shop/_availability.html", {"reply": reply, "choice": choice}, reply
    )


def picker(
    request: HttpRequest,
    choice: Choice,
    *,
    refusal: Refusal | None = None,
    notice: str = "",
) -> HttpResponse:
    """Show the page: with what was typed, what is said about it, and the plans."""
    groups = catalogue.groups_on_sale()
    reply = _asked(request, choice, groups, refusal)
    shown = plans.shown(groups, choice.product)
    known = {
        "choice": choice,
        "reply": reply,
        "notice": notice,
        "groups": shown,
        "domains": plans.domains(groups),
        "anything": bool(shown),
    }
    return _answered(request, "shop/choose.html", known, reply)


def _asked(
    request: HttpRequest,
    choice: Choice,
    groups: Sequence[ProductGroup],
    refusal: Refusal | None = None,
) -> Reply | None:
    """Return what is to be said about the name; None while nothing was typed."""
    products = [product for group in groups for product in group.products.all()]
    product = plans.chosen_of(products, choice.product)
    if refusal is not None and (product is None or refusal.code != "not_available"):
        return _refused(refusal)
    if not choice.handle.strip() or product is None:
        return None
    try:
        found = holds.check(
            visitors.visitor_of(request),
            product,
            handle=choice.handle,
            domain=choice.domain,
        )
    except Refusal as refused:
        return _refused(refused)
    if found.available and refusal is None:
        address = found.address or choice.handle
        return Reply(True, _("%(address)s is free.") % {"address": address})
    said = refusal or found.refusal or Conflict("not_available")
    return Reply(False, say_to_client(said), said.status, _suggestions(choice, found))


def _suggestions(choice: Choice, found: Availability) -> list[Suggestion]:
    domain = found.address.partition("@")[2]
    return [
        Suggestion(
            f"{handle}@{domain}",
            handle,
            replace(choice, handle=handle, domain=domain).url("choose"),
        )
        for handle in found.suggestions
    ]


def _refused(refusal: Refusal) -> Reply:
    """Return a refusal as it is said; a stranger's haste says nothing about a name."""
    if isinstance(refusal, Throttled):
        return Reply(None, say_to_client(refusal), refusal.status, (), refusal.seconds)
    return Reply(False, say_to_client(refusal), refusal.status)


def _answered(
    request: HttpRequest,
    template: str,
    known: Mapping[str, object],
    reply: Reply | None,
) -> HttpResponse:
    """Answer with a page; only haste and refused forms have a status of their own."""
    status = 200
    if reply is not None and (reply.retry_seconds or request.method == "POST"):
        status = reply.status
    response = render(request, template, {**known}, status=status)
    if reply is not None and reply.retry_seconds:
        response.headers["Retry-After"] = str(reply.retry_seconds)
    return response


def _go_on(request: HttpRequest, choice: Choice) -> HttpResponse:
    """Hold the name and go to the review, by way of the account where one is needed."""
    visitor = visitors.holder_of(request)
    try:
        product = catalogue.product(choice.product)
        kept = holds.hold(
            visitor,
            product,
            visitors.deadline(),
            handle=choice.handle,
            domain=choice.domain,
        )
    except NotFound:
        return picker(request, choice, notice=_("Choose one of these plans."))
    except Refusal as refusal:
        return _refused_name(request, choice, refusal)
    handle, _at, domain = kept.address.partition("@")
    there = replace(choice, handle=handle, domain=domain).url("review")
    say_if_last(request, kept)
    if visitor.customer is None:
        kept_notice.keep(
            request,
            _(
                "%(address)s is held for you until %(time)s. Sign up, or sign in, to "
                "order it."
            )
            % {"address": kept.address, "time": clock_time(kept.until)},
            until=kept.until,
        )
        there = f"{reverse('account_signup')}?{urlencode({'next': there})}"
    response = redirect(there)
    visitors.remember(response, visitor)
    return response


def say_if_last(request: HttpRequest, kept: Held) -> None:
    """Say that a name is held no longer, however often it is asked for."""
    if kept.is_last:
        messages.warning(
            request,
            _(
                "%(address)s is held for the longest time, until %(time)s. Order it by "
                "then, or choose again."
            )
            % {"address": kept.address, "time": clock_time(kept.until)},
        )


def _refused_name(
    request: HttpRequest, choice: Choice, refusal: Refusal
) -> HttpResponse:
    before = ordered_before(request, choice)
    if before is not None:
        return before
    if refusal.code == "product_withdrawn":
        return picker(request, choice, notice=say_to_client(refusal))
    return picker(request, choice, refusal=refusal)


def ordered_before(request: HttpRequest, choice: Choice) -> HttpResponse | None:
    """Lead who ordered this address already to that order; None for all others."""
    if not request.user.is_authenticated:
        return None
    order: Order | None = order_book.standing_for(
        request.user, choice.handle, choice.domain
    )
    if order is None:
        return None
    say_ordered_before(request, order)
    return redirect("shop:order", order.number)


def say_ordered_before(request: HttpRequest, order: Order) -> None:
    """Say that this is the order of before, and the only one."""
    messages.info(
        request,
        _(
            "You ordered %(address)s before, and this is that order. Nothing was "
            "ordered twice."
        )
        % {"address": order.address},
    )
