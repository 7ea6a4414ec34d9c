"""The last look before the order, and the order itself.

Looking changes nothing: a name whose time is over is held again by a button only.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.wording import account_type, say_to_client
from housemail.sales import catalogue, holds, placing, prices
from housemail.sales.holds import Held
from housemail.sales.models import OptionValue, Product
from housemail.sales.states import AutoSetup
from housemail.shop import plans, visitors
from housemail.shop.choice import FIELD_OF, Choice
from housemail.shop.choosing import (
    ordered_before,
    picker,
    say_if_last,
    say_ordered_before,
)
from housemail.shop.wording import clock_time, minutes_left


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Show address, plan, options and what will happen."""
    choice = Choice.of(request.GET).read
    if not request.user.is_authenticated:
        return redirect_to_login(choice.url("review"))
    return ordered_before(request, choice) or _page(request, choice)


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Say how long the name is held, for a review that is open."""
    choice = Choice.of(request.GET).read
    if not visitors.asks_for_part(request):
        return redirect(choice.url("review"))
    known = {"choice": choice, "live": True, **_hold(request, choice)}
    return render(request, "shop/_held.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
def price(request: HttpRequest) -> HttpResponse:
    """Say what the chosen options cost together; without a script, on the page."""
    choice = Choice.of(request.POST or request.GET).read
    if request.method == "POST" or not visitors.asks_for_part(request):
        return redirect(choice.url("review"))
    try:
        product = catalogue.product(choice.product)
    except Refusal:  # withdrawn meanwhile: the order will say so
        return HttpResponse(status=204)
    return render(request, "shop/_price.html", _price(product, choice))


@require_http_methods(["GET", "HEAD", "POST"])
def hold_again(request: HttpRequest) -> HttpResponse:
    """Hold a name again whose time is over."""
    if request.method != "POST":  # a refused form's page was loaded again
        return redirect(Choice.of(request.GET).url("review"))
    choice = Choice.of(request.POST).read
    if not request.user.is_authenticated:
        return _sign_in_again(request, choice)
    visitor = visitors.holder_of(request)
    try:
        kept = holds.hold(
            visitor,
            catalogue.product(choice.product),
            visitors.deadline(),
            handle=choice.handle,
            domain=choice.domain,
        )
    except Refusal as refusal:
        return _refused(request, choice, refusal)
    say_if_last(request, kept)
    response = redirect(choice.url("review"))
    visitors.remember(response, visitor)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Place the order, once, however often the button is pressed."""
    if request.method != "POST":  # a refused form's page was loaded again
        return redirect(Choice.of(request.GET).url("review"))
    choice = Choice.of(request.POST).read
    if not request.user.is_authenticated:
        return _sign_in_again(request, choice)
    form = placing.Form(
        request.POST.get("key", ""), choice.handle, choice.domain, choice.options
    )
    visitor = visitors.holder_of(request)
    try:
        order = placing.place(
            visitor,
            catalogue.product(choice.product),
            form,
            visitors.deadline(),
            language=get_language() or "",
        )
    except Refusal as refusal:
        return _refused(request, choice, refusal)
    if order.placed_before:
        say_ordered_before(request, order)
    else:
        messages.success(
            request,
            _("Thank you. We received your order %(number)s for %(address)s.")
            % {"number": order.number, "address": order.address},
        )
    return redirect("shop:order", order.number)


def _sign_in_again(request: HttpRequest, choice: Choice) -> HttpResponse:
    """Ask who was signed out meanwhile to sign in; the choice comes back after it."""
    messages.info(
        request,
        _("You are not signed in any more. Sign in; what you chose is kept."),
    )
    return redirect_to_login(choice.url("review"))


def _refused(request: HttpRequest, choice: Choice, refusal: Refusal) -> HttpResponse:
    """Say why; who ordered the address before is shown that order instead."""
    if refusal.code == "form_used_before":  # it asked for something else than that
        return _page(request, choice, refusal)
    return ordered_before(request, choice) or _page(request, choice, refusal)


def _page(
    request: HttpRequest, choice: Choice, refusal: Refusal | None = None
) -> HttpResponse:
    """Show the review; without a plan on sale the first page, the name still typed."""
    hold = _hold(request, choice)
    kept = hold["kept"]
    if isinstance(kept, Held) and not choice.domain:
        choice = replace(choice, domain=kept.address.partition("@")[2])
    try:
        product = catalogue.product(choice.product)
    except Refusal as missing:
        notice = _instead(missing, held=kept is not None)
        return picker(request, choice, notice=notice)
    unfit = _unfit(request, choice)
    why = refusal or unfit
    known = {
        "choice": choice,
        "product": product,
        "facts": plans.facts(product),
        "options": _options(product, choice),
        **_price(product, choice),
        "next": what_happens(product),
        "awaits_payment": product.auto_setup == AutoSetup.PAYMENT,
        "how_to_pay": settings.HOUSEMAIL_HOW_TO_PAY,
        **hold,
        "error": why and say_to_client(why),
        # Another name is the one thing that helps.
        "unfit": why is not None and why.field == "handle",
        "key": secrets.token_urlsafe(18),
        # With the choice in the address, so that loading the page again finds it.
        "place_url": choice.url("place"),
        "hold_url": choice.url("hold"),
        "other": replace(choice, options={}).url("choose"),
    }
    status = refusal.status if refusal else 200
    return render(request, "shop/review.html", known, status=status)


def _hold(request: HttpRequest, choice: Choice) -> dict[str, object]:
    """Return what is shown of the hold, when it is of this very address."""
    kept = holds.held(visitors.visitor_of(request).session_key)
    if kept is None or not holds.is_of(kept, choice.handle, choice.domain):
        return {"kept": None, "held_url": ""}
    return {
        "kept": kept,
        "held_url": choice.url("held"),
        "until": clock_time(kept.until),
        "minutes": minutes_left(kept.until),
    }


def _unfit(request: HttpRequest, choice: Choice) -> Refusal | None:
    """Return why this customer cannot have the address, before it is ordered."""
    if not request.user.is_authenticated:
        return None
    try:
        placing.check_address(request.user, choice.address)
    except Refusal as refusal:
        return refusal
    return None


def _instead(missing: Refusal, *, held: bool) -> str:
    """Return why another plan is needed, and only what is true about the name."""
    if held and missing.code == "product_withdrawn":
        return say_to_client(missing)
    name = missing.params.get("product")
    if not name:
        return _("Choose one of these plans.")
    return _("%(product)s is no longer on sale. Choose another plan.") % {
        "product": name
    }


def _options(product: Product, choice: Choice) -> list[dict[str, object]]:
    """Return the options as fields of the form, each with what the plan has itself."""
    plan = product.plan()
    own = {
        OptionValue.Option.ACCOUNT_TYPE: account_type(plan.account_type),
        OptionValue.Option.QUOTA_GB: number_format(plan.quota_gb),
    }
    return [
        {
            "field": FIELD_OF[found.option],
            "label": found.option.label,
            "values": [
                (row, catalogue.say_value(row.option, row.value))
                for row in found.values
            ],
            "chosen": choice.options.get(found.option, ""),
            "own": own[found.option],
        }
        for found in catalogue.options(product)
    ]


def _price(product: Product, choice: Choice) -> dict[str, object]:
    """Return what is to be paid, line by line, and the total where there is one."""
    lines = catalogue.price_lines(product, choice.options)
    return {
        "price_lines": lines,
        "total": prices.total([line.price for line in lines]),
        "price_url": replace(choice, options={}).url("price"),
    }


def what_happens(product: Product) -> str:
    """Return what follows an order of this product, and when."""
    hours = settings.HOUSEMAIL_HOLD_HOURS
    kept = ngettext(
        "The name is kept for you for %(n)s hour.",
        "The name is kept for you for %(n)s hours.",
        hours,
    ) % {"n": hours}
    sentence = {
        AutoSetup.ORDER: _(
            "Your mailbox is set up as soon as you order. It takes a few seconds."
        ),
        AutoSetup.PAYMENT: _(
            "Your mailbox is set up as soon as your payment has arrived."
        ),
        AutoSetup.ACCEPT: _(
            "We look at each order first. Your mailbox is set up when we accept yours."
        ),
        AutoSetup.NEVER: _(
            "We set your mailbox up by hand and write to you when it is ready."
        ),
    }[AutoSetup(product.auto_setup)]
    return sentence if product.auto_setup == AutoSetup.ORDER else f"{sentence} {kept}"
