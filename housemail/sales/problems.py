"""What a problem of an order means: for whom which sentence, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from housemail.mailboxes.errors import Conflict as CoreConflict
from housemail.mailboxes.errors import for_client
from housemail.mailboxes.sentences import INSTEAD, SENTENCES
from housemail.mailboxes.wording import say
from housemail.sales.errors import SENTENCES as SALE_SENTENCES
from housemail.sales.models import Order
from housemail.sales.states import State

# Refusals that another name cures; the customer can do that alone.
CURED_BY_A_NAME = {
    code for code, told in INSTEAD.items() if told == "not_available"
} | {
    "not_available",
    "handle_empty",
    "handle_malformed",
    "handle_too_long",
    "domain_not_allowed",
    "domain_missing",
}
# Paid after staff had cancelled it: staff decides, no try can.
PAID_ALTHOUGH_ENDED = "paid_although_ended"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an order is not set up, and the next step, in the current language."""

    code: str
    sentence: str
    next_step: str
    may_choose_name: bool
    may_retry: bool = False


def explain(order: Order, *, for_staff: bool = False) -> Problem:
    """Return why the order is in state problem, for its customer or for staff.

    The customer reads no reason that would tell whose a name is (promise 13), and
    nothing about servers. What was paid stays paid, and the sentence says so.
    """
    code = order.problem_code
    may_choose = order.state == State.PROBLEM and code in CURED_BY_A_NAME
    may_retry = _trying_may_help(order)
    if for_staff:
        return Problem(
            code, sentence(code, order.problem_params), "", may_choose, may_retry
        )
    write = ""
    if may_choose:
        told = for_client(CoreConflict(code, **order.problem_params))
        reason = say(told.sentence, told.params)
        step = gettext("Everything else of your order stays as it is.")
    elif code == PAID_ALTHOUGH_ENDED:
        reason = gettext("Your payment arrived after the order had been cancelled.")
        step = gettext("We decide whether it is set up or paid back.")
        write = gettext("Write to us if you would like one of the two.")
    else:
        reason = gettext("Your mailbox could not be set up yet.")
        step = gettext("You can try again on the page of your order, now or later.")
        write = gettext("If that does not help, write to us.")
    if write and settings.HOUSEMAIL_CONTACT:
        step = " ".join((step, write))
    if order.paid_at is not None:
        step = " ".join((step, gettext("What you paid is kept for this order.")))
    return Problem(code, reason, step, may_choose, may_retry)


def _trying_may_help(order: Order) -> bool:
    """Say whether its customer may simply try again: no other name, no word of ours."""
    code = order.problem_code
    waits = order.state == State.PROBLEM and code != PAID_ALTHOUGH_ENDED
    return waits and code not in CURED_BY_A_NAME


def sentence(code: str, params: dict[str, str]) -> str:
    """Return the exact sentence of a code, of the core or of the shop."""
    found = SENTENCES.get(code) or SALE_SENTENCES.get(code, "")
    return say(found, params) if found else ""
