"""Refusals of the shop, beside those of mailboxes/errors.py and of the same tree.

Each has a stable code and a sentence that says what to do next. Sentences are in
English here and marked for translation; doors and e-mails translate them.
"""

from __future__ import annotations

from collections.abc import Mapping

from housemail.mailboxes.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from housemail.mailboxes.marking import _, ngettext

SENTENCES: Mapping[str, str] = {
    # --- what is on sale
    "product_unknown": _("There is no such product. Choose one from the shop."),
    "product_withdrawn": _(
        "{product} is no longer on sale. Your name is still held; choose another plan."
    ),
    "option_unknown": _("{option}: {value} is not offered. Choose one of the list."),
    "servers_full": _(
        "No new mailbox can be ordered on {domain} right now. Choose another domain "
        "or come back later."
    ),
    "server_missing": _(
        "{product} has no active server. Add one to its server group, then try again."
    ),
    # --- orders
    "order_unknown": _("There is no such order of yours."),
    "form_used_before": _(
        "This form was sent before and became order {number} for {address}. Open that "
        "order, or start a new one."
    ),
    "address_is_sign_in": _(
        "{address} is the address you sign in with. The new mailbox needs a name of "
        "its own."
    ),
    "order_state": _(
        "That is not possible as the order stands now ({state}). Reload the page to "
        "see what is."
    ),
    "order_paid": _(
        "This order is paid, so only staff can cancel it. Write to us to have it "
        "cancelled."
    ),
    "name_is_not_the_problem": _(
        "Another name would not help this order. It is tried again as it is."
    ),
    "paid_although_ended": _(
        "Payment arrived after staff had cancelled the order. Set it up again, or pay "
        "back and cancel it once more."
    ),
    # --- services
    "service_unknown": _("There is no such mailbox of yours."),
    "service_state": _("The service is {state}; that is not possible now."),
    "in_billing_system": _(
        "{installation} has the settings of this service. Press the button there."
    ),
    "not_in_this_state": _("The mailbox is {state}; that is not possible now."),
    "end_in_the_past": _("Choose a time in the future for the end of the mailbox."),
    # --- links that set the first password
    "link_invalid": _(
        "This link is not complete. Open it from the e-mail again, or sign in and set "
        "the password there."
    ),
    "link_used": _(
        "This link was used before, is too old, or its mailbox has ended. Sign in to "
        "see your mailboxes; a password is set and changed there."
    ),
    # --- the web hook
    "webhook_off": _(
        "The web hook is switched off. Set HOUSEMAIL_WEBHOOK_SECRET to use it."
    ),
    "webhook_signature": _(
        "The signature does not fit. Sign the raw body with the shared secret: "
        "X-Housemail-Signature: t=SECONDS,v1=HEX."
    ),
    "webhook_time": ngettext(
        "The signature is older or newer than {seconds} second. Check the clock and "
        "sign each request anew.",
        "The signature is older or newer than {seconds} seconds. Check the clock and "
        "sign each request anew.",
        "seconds",
    ),
    "webhook_body": _(
        'The body is not understood. Send JSON: {{"id", "type": "orders.paid", '
        '"order"}}.'
    ),
    "webhook_event_reused": _(
        "Event {event} was received for another order. Give each event its own id."
    ),
}


# Not for customers: they read "ask support" in place of these.
FOR_STAFF = frozenset(
    {
        "server_missing",
        "paid_although_ended",
        "end_in_the_past",
        "in_billing_system",
        "not_in_this_state",
        *(code for code in SENTENCES if code.startswith("webhook_")),
    }
)


class _OfTheShop(Refusal):
    """Takes its sentence from this file."""

    @property
    def sentence(self) -> str:
        """The English sentence with its parameters still open."""
        return SENTENCES.get(self.code) or super().sentence

    @property
    def code_for_client(self) -> str:
        """The code of what a customer or a stranger reads of it."""
        return "ask_support" if self.code in FOR_STAFF else self.code


class SaleInvalid(_OfTheShop, Invalid):
    """The input itself is wrong."""


class SaleConflict(_OfTheShop, Conflict):
    """The input is fine, the state of things is not."""


class SaleForbidden(_OfTheShop, Forbidden):
    """This caller may not do this."""


class SaleNotFound(_OfTheShop, NotFound):
    """No such thing of yours."""
