"""What the pages of one mailbox show around their own part, from the overview."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from housemail.customer.entrance import OPEN, Visit
from housemail.mailboxes import overview
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.usage import BYTES_PER_GB
from housemail.mailboxes.wording import account_type, say_code, say_to_client
from housemail.platforms.base import AccountType
from housemail.sales import links, problems
from housemail.sales.service_list import Shown

Known = dict[str, Any]


class ClosedError(Exception):
    """There is nothing to show but a sentence; carries the page that says it."""

    def __init__(self, page: HttpResponse) -> None:
        """Keep the page."""
        super().__init__()
        self.page = page


def known(visit: Visit, *, ask: bool = True) -> Known:
    """Return what every tab shows; at most one call to the platform, if ``ask``.

    Errors: ClosedError when the mailbox is not there yet, or no more.
    """
    frame: Known = {"row": visit.row, "ref": visit.service.pk, "service": visit.service}
    if visit.row.state not in OPEN:
        raise ClosedError(_closed(visit, frame, *_why_closed(visit)))
    try:
        if ask:
            view = overview.overview(visit.context(), visit.deadline())
        else:
            view = overview.view(visit.context())
    except Refusal as refusal:
        raise ClosedError(
            _closed(visit, frame, say_to_client(refusal), "")
        ) from refusal
    return frame | _read(visit, view, asked=ask)


def _read(visit: Visit, view: dict[str, Any], *, asked: bool) -> Known:
    usage = view["usage"]
    used = usage["used_bytes"]
    active = visit.row.state == Shown.ACTIVE
    unreachable = active and asked and not usage["fresh"]
    return {
        "view": view,
        "account_type": account_type(AccountType[view["plan"]["account_type"].upper()]),
        "used_gb": None if used is None else used / BYTES_PER_GB,
        "aliases_max": view["limits"]["aliases"]["max"] or None,
        "lists_max": view["limits"]["lists"]["max"] or None,
        "seen_at": time_of(usage["seen_at"]),
        "last_login_at": time_of(usage["last_login_at"]),
        "suspended": not active,
        "unreachable": unreachable,
        # Nothing that changes something is offered, but all is readable.
        "locked": not active or unreachable,
        "reasons": {
            action: "" if item["allowed"] else say_code(item["code"], item["params"])
            for action, item in view["may"].items()
        },
    }


def time_of(text: str | None) -> datetime | None:
    """Return a time of the overview as one."""
    return None if text is None else datetime.fromisoformat(text)


def _why_closed(visit: Visit) -> tuple[str, str]:
    """Say why there is nothing to see, and where to read on."""
    state, order = visit.row.state, visit.service.order
    if state == Shown.ENDED:
        words = _(
            "This mailbox has ended. Its address is kept from strangers for a while; "
            "you may order it again."
        )
        return words, links.SHOP
    if state == Shown.UNPAID:
        words = _(
            "This mailbox is set up as soon as your payment has arrived. The order "
            "says how to pay."
        )
    elif state == Shown.UNACCEPTED:
        words = _(
            "We look at your order first and set this mailbox up then. We write to you "
            "when it is ready; the order shows how far it is."
        )
    elif state == Shown.SETTING_UP:
        words = _(
            "This mailbox is being set up. We write to you when it is ready; the order "
            "shows how far it is."
        )
    elif order.problem_code:
        problem = problems.explain(order)
        words = f"{problem.sentence} {problem.next_step}"
    else:
        words = _("This mailbox needs our attention.")
        if settings.HOUSEMAIL_CONTACT:
            words = " ".join((words, _("Write to us if you miss mail.")))
    return words, links.ORDER.format(number=order.number)


def _closed(visit: Visit, frame: Known, words: str, path: str) -> HttpResponse:
    told = {**frame, "sentence": words, "path": path}
    return render(visit.request, "customer/closed.html", told)
