"""Staff at one mailbox: the module commands, on whichever installation's it is.

The shop's services go through services.py, so that its own record keeps in step. Of
another installation's we know server and mailbox, but not its settings: what needs
none goes straight to the verb, the rest must be pressed in that billing system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from housemail.installations.models import Installation
from housemail.mailboxes import overview, provisioning, recorded, webmail
from housemail.mailboxes.context import Actor, Answer, Context
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.models import Mailbox
from housemail.mailboxes.plan import Plan
from housemail.platforms.base import Deadline, WebmailLogin
from housemail.sales import contexts, orders, service_list, services
from housemail.sales.errors import SaleConflict
from housemail.sales.installation import installation
from housemail.sales.models import Product, Service
from housemail.sales.states import State as OrderState

State = Mailbox.State


class Command(StrEnum):
    """The module commands, in the order of their buttons."""

    CREATE = "create"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    PASSWORD = "password"  # noqa: S105 - a command's name
    PLAN = "plan"
    CHECK = "check"
    WEBMAIL = "webmail"
    ADOPT = "adopt"
    TERMINATE = "terminate"


# Where a mailbox stays when that was given up: it may be switched either way.
_SWITCHING = (State.SUSPENDING, State.UNSUSPENDING)
# In which states a command is worth its button; whether it may be done is the verb's.
_FITS: Mapping[Command, frozenset[str]] = {
    Command.CREATE: frozenset({"", State.FAILED}),
    Command.SUSPEND: frozenset({State.ACTIVE, *_SWITCHING}),
    Command.UNSUSPEND: frozenset({State.SUSPENDED, *_SWITCHING}),
    Command.PASSWORD: frozenset({State.ACTIVE, State.SUSPENDED}),
    Command.PLAN: frozenset({State.ACTIVE, State.SUSPENDED}),
    Command.CHECK: frozenset(set(State) - {State.FAILED, State.TERMINATED}),
    Command.WEBMAIL: frozenset({State.ACTIVE}),
    Command.ADOPT: frozenset({"", State.FAILED}),
    Command.TERMINATE: frozenset(set(State) - {State.FAILED, State.TERMINATED}),
}
# These read the plan, the options or the wanted name: only their master has them.
_NEEDS_SETTINGS = frozenset({Command.CREATE, Command.PLAN, Command.ADOPT})


# What the names of the plan's parts are called.
SETTINGS: Mapping[str, str | Promise] = {
    "quota_gb": gettext_lazy("storage"),
    "account_type": gettext_lazy("account type"),
    "disabled": gettext_lazy("suspended or not"),
    "language": gettext_lazy("language"),
    "timezone": gettext_lazy("time zone"),
    "date_format": gettext_lazy("date format"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in a sentence, and whether that is as recorded."""

    sentence: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One mailbox at the desk: our record of it, or the shop's service, or both."""

    mailbox: Mailbox | None
    service: Service | None

    @property
    def state(self) -> str:
        """The mailbox's state; empty when there never was one."""
        return self.mailbox.state if self.mailbox else ""

    @property
    def address(self) -> str:
        """The address that it has, or that was ordered."""
        if self.mailbox is not None:
            return str(self.mailbox.address)
        return self.service.order.address if self.service else ""


def of_mailbox(mailbox: Mailbox) -> Case:
    """Return the case of a mailbox. Cost: 1 query for the shop's, else none."""
    service = None
    if mailbox.installation.kind == Installation.Kind.SHOP and mailbox.ref.isdigit():
        rows = service_list.all_services()
        service = rows.filter(pk=int(mailbox.ref)).first()
    return Case(mailbox, service)


def of_service(service: Service) -> Case:
    """Return the case of a service of the shop."""
    rows = recorded.all_mailboxes()
    found = rows.filter(installation=installation(), ref=service.ref).first()
    return Case(found, service)


def plan_of(service: Service) -> Plan:
    """Return what the product and the chosen options say now; nothing is refused."""
    return Plan.lenient(service.product.module_settings(), service.options)


def why_not(case: Case, command: Command) -> Refusal | None:
    """Return why a command is not offered now, or None when it is."""
    if command in _NEEDS_SETTINGS and case.service is None:
        name = case.mailbox.installation.name if case.mailbox else ""
        return SaleConflict("in_billing_system", installation=name)
    if case.state not in _FITS[command]:
        return SaleConflict("not_in_this_state", state=case.state or "-")
    return None


def create(case: Case, actor: Actor, deadline: Deadline) -> Answer:
    """Set the shop's service up now, as its order says.

    Errors: ``in_billing_system``, those of orders.set_up, and what stops the order.
    """
    service = _of_the_shop(case)
    order = orders.set_up(service.order, actor, deadline)
    if order.state == OrderState.PROBLEM:
        raise SaleConflict(order.problem_code, **order.problem_params)
    if order.state == OrderState.SETTING_UP:
        return Answer(case.state, 202, "being_checked")
    return Answer(State.ACTIVE)


def suspend(case: Case, actor: Actor, deadline: Deadline, *, reason: str) -> Answer:
    """Suspend. Errors: the verb's, ``service_state``."""
    if case.service is not None:
        return services.suspend(case.service, actor, deadline, reason=reason)
    return provisioning.suspend(_context(case, actor), deadline, reason=reason)


def unsuspend(case: Case, actor: Actor, deadline: Deadline, *, reason: str) -> Answer:
    """Unsuspend. Errors: the verb's, ``service_state``."""
    if case.service is not None:
        return services.unsuspend(case.service, actor, deadline, reason=reason)
    return provisioning.unsuspend(_context(case, actor), deadline, reason=reason)


def terminate(case: Case, actor: Actor, deadline: Deadline, *, reason: str) -> Answer:
    """End the mailbox. Errors: the verb's, ``service_state``."""
    if case.service is not None:
        return services.terminate(case.service, actor, deadline, reason=reason)
    return provisioning.terminate(_context(case, actor), deadline, reason=reason)


def set_password(
    case: Case, actor: Actor, deadline: Deadline, *, password: str
) -> Answer:
    """Set a new password; nothing of it is kept. Errors: the verb's."""
    if case.service is not None:
        return services.set_password(case.service, actor, deadline, password=password)
    context = _context(case, actor)
    return provisioning.set_password(context, deadline, password=password)


def change_package(
    case: Case, actor: Actor, deadline: Deadline, *, product: Product | None
) -> Answer:
    """Bring the shop's mailbox to its product's settings, perhaps of another product.

    Errors: ``in_billing_system``, those of services.change_package.
    """
    service = _of_the_shop(case)
    return services.change_package(service, actor, deadline, product=product)


def check(case: Case, actor: Actor, deadline: Deadline) -> Answer:
    """Compare our record with the platform, and keep what was seen of its usage.

    Changes nothing there, and nothing of what is wanted. Errors: the verb's.
    """
    context = _context(case, actor)
    answer = provisioning.check(context, deadline)
    if answer.data["presence"] == "present":
        overview.overview(context, deadline)
    return answer


def found_by(checked: Answer) -> Finding:
    """Word what a check found, in the current language."""
    presence = checked.data["presence"]
    if presence == "absent":
        words = gettext(
            "The mail platform does not show this mailbox. Look in its control panel; "
            "do not create it again before."
        )
        return Finding(words, agrees=False)
    if presence == "unproven":
        words = gettext("The mail platform could not say whether it exists. Try again.")
        return Finding(words, agrees=False)
    differing = [str(SETTINGS.get(name, name)) for name in checked.data["differences"]]
    if differing:
        words = gettext("The mail platform shows this differently: %(what)s.")
        return Finding(words % {"what": ", ".join(differing)}, agrees=False)
    words = gettext("The mail platform shows it as it is recorded.")
    return Finding(words, agrees=True)


def adopt(
    case: Case, actor: Actor, deadline: Deadline, *, handle: str, domain: str
) -> Answer:
    """Take over a mailbox that exists and is nobody's, for the shop's service.

    Errors: ``in_billing_system``, those of services.adopt.
    """
    service = _of_the_shop(case)
    return services.adopt(service, actor, deadline, handle=handle, domain=domain)


def let_end(case: Case, ends_at: datetime) -> None:
    """Let the shop's mailbox end then.

    Errors: ``in_billing_system``, those of services.announce_end.
    """
    services.announce_end(_of_the_shop(case), ends_at)


def let_go_on(case: Case) -> None:
    """Take an announced end back. Errors: ``in_billing_system``, ``service_state``."""
    services.withdraw_end(_of_the_shop(case))


def open_webmail(case: Case, actor: Actor, deadline: Deadline) -> WebmailLogin:
    """Mint a one-time login for the mailbox. Errors: those of webmail.login."""
    return webmail.login(_context(case, actor), deadline)


def _of_the_shop(case: Case) -> Service:
    if case.service is None:
        refusal = why_not(case, Command.CREATE)
        raise refusal or SaleConflict("in_billing_system", installation="")
    return case.service


def _context(case: Case, actor: Actor) -> Context:
    if case.service is not None:
        return contexts.for_service(case.service, actor)
    if case.mailbox is None:
        raise ValueError("a case is of a mailbox or of a service")
    # In that installation's journal "staff:7" is somebody of its own.
    ours = replace(actor, id=f"console-{actor.id}")
    return recorded.context_of(case.mailbox, ours)
