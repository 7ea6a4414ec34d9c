"""The module commands as buttons: what each asks, and which verb of the desk it calls.

The same for a mailbox of any installation and for a service of the shop that has none
yet; ``case_of`` finds the case of either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console.commands import (
    Call,
    Command,
    CommandForm,
    ReasonForm,
    Words,
    refused,
)
from housemail.console.site import site
from housemail.mailboxes import rules
from housemail.mailboxes.context import Answer
from housemail.mailboxes.models import Mailbox
from housemail.people.acts import Ending, Kind
from housemail.people.roles import Action
from housemail.platforms.base import WebmailLogin
from housemail.sales import desk
from housemail.sales.desk import Case
from housemail.sales.models import Product
from housemail.web import headers, new_password


def case_of(obj: Any) -> Case:
    """Return the case of a mailbox or a service; asked once per object and page."""
    kept: Case | None = obj.__dict__.get("_desk_case")
    if kept is None:
        is_mailbox = isinstance(obj, Mailbox)
        kept = desk.of_mailbox(obj) if is_mailbox else desk.of_service(obj)
        obj.__dict__["_desk_case"] = kept
    return kept


def not_seen(mailbox: Mailbox) -> str:
    """Say why nothing was seen, and the next step that there is."""
    case = case_of(mailbox)
    if desk.why_not(case, desk.Command.CHECK) is None:
        return _("Not looked at yet. Press Check now.")
    if mailbox.state != Mailbox.State.FAILED:
        return _("It was never looked at.")
    if desk.why_not(case, desk.Command.CREATE) is None:
        return _(
            "Its set-up failed: there is nothing to look at. Press Create to try again."
        )
    return _(
        "Its set-up failed: there is nothing to look at. Create it again in its "
        "billing system."
    )


class PasswordForm(CommandForm):
    """Asks for the new password, and suggests one."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Suggest a suitable password; it is made for this page and kept nowhere."""
        super().__init__(*args, **kwargs)
        example = _("For example: %(password)s")
        parts = [str(part.words) for part in new_password.PARTS]
        parts.append(example % {"password": rules.generate_password()})
        self.fields["password"].help_text = " · ".join(parts)


class TerminateForm(ReasonForm):
    """Asks for the address again: what is ended is gone."""

    confirm = forms.CharField(
        label=gettext_lazy("Type the address to confirm"), max_length=254
    )

    def clean_confirm(self) -> str:
        """Refuse another address than the one that ends."""
        typed = str(self.cleaned_data["confirm"]).strip().lower()
        address = case_of(self.obj).address if self.obj is not None else ""
        if typed != address:
            words = _("Type %(address)s, exactly.") % {"address": address}
            raise forms.ValidationError(words)
        return typed


class PackageForm(CommandForm):
    """Asks for the product; the present one brings its changed settings."""

    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"),
        queryset=Product.objects.order_by("name"),
        help_text=gettext_lazy("The chosen options stay."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Preselect the present product."""
        super().__init__(*args, **kwargs)
        service = case_of(self.obj).service if self.obj is not None else None
        self.fields["product"].initial = service.product_id if service else None


class AdoptForm(CommandForm):
    """Asks which mailbox is taken over; the ordered one is preset."""

    handle = forms.CharField(label=gettext_lazy("Mailbox"), max_length=64)
    domain = forms.CharField(label=gettext_lazy("Domain"), max_length=253)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Preset the address that was ordered."""
        super().__init__(*args, **kwargs)
        address = case_of(self.obj).address if self.obj is not None else ""
        self.fields["handle"].initial, _at, domain = address.partition("@")
        self.fields["domain"].initial = domain


def _create(call: Call) -> Answer:
    return desk.create(case_of(call.obj), call.actor, call.deadline)


def _suspend(call: Call) -> Answer:
    reason = call.data["reason"]
    return desk.suspend(case_of(call.obj), call.actor, call.deadline, reason=reason)


def _unsuspend(call: Call) -> Answer:
    reason = call.data["reason"]
    return desk.unsuspend(case_of(call.obj), call.actor, call.deadline, reason=reason)


def _terminate(call: Call) -> Answer:
    reason = call.data["reason"]
    return desk.terminate(case_of(call.obj), call.actor, call.deadline, reason=reason)


def _password(call: Call) -> Answer:
    password = call.data["password"]
    case = case_of(call.obj)
    return desk.set_password(case, call.actor, call.deadline, password=password)


def _package(call: Call) -> Answer | Ending:
    case, product = case_of(call.obj), call.data["product"]
    answer = desk.change_package(case, call.actor, call.deadline, product=product)
    if answer.status != 200:
        return answer
    changed = [str(desk.SETTINGS.get(name, name)) for name in answer.data["changed"]]
    if not changed:
        return Ending(Kind.SUCCESS, _("The mailbox had these settings already."))
    words = _("The package was changed: %(what)s.") % {"what": ", ".join(changed)}
    return Ending(Kind.SUCCESS, words)


def _check(call: Call) -> Ending:
    found = desk.found_by(desk.check(case_of(call.obj), call.actor, call.deadline))
    return Ending(Kind.SUCCESS if found.agrees else Kind.WARNING, found.sentence)


def _adopt(call: Call) -> Answer:
    data, case = call.data, case_of(call.obj)
    return desk.adopt(
        case, call.actor, call.deadline, handle=data["handle"], domain=data["domain"]
    )


def _webmail(call: Call) -> HttpResponse:
    login = desk.open_webmail(case_of(call.obj), call.actor, call.deadline)
    return way_in(call.request, call.obj, login)


def way_in(request: HttpRequest, obj: Model, login: WebmailLogin) -> HttpResponse:
    """Show the way into webmail: it works once and is in no log of ours."""
    opts = obj._meta
    page = f"console:{opts.app_label}_{opts.model_name}_change"
    context = {
        **site.each_context(request),
        "title": _("Open webmail"),
        "original": obj,
        "opts": opts,
        "address": case_of(obj).address,
        "login": login,
        "back": reverse(page, args=[obj.pk]),
    }
    answer = TemplateResponse(request, "console/webmail.html", context).render()
    answer.headers["Cache-Control"] = "no-store"
    host = urlsplit(login.url).hostname or ""
    headers.allow_forms_to(answer, [host], headers.CONSOLE_POLICY)
    return answer


def _offered(command: desk.Command) -> Callable[[Any], bool]:
    return lambda obj: desk.why_not(case_of(obj), command) is None


def _why_not(command: desk.Command) -> Callable[[Any], Words]:
    def sentence(obj: Any) -> Words:
        refusal = desk.why_not(case_of(obj), command)
        return refused(refusal).sentence if refusal else ""

    return sentence


# What a mailbox in trouble most likely needs: offered only then, and shown first.
_FIRST = (desk.Command.CREATE, desk.Command.UNSUSPEND)


def _command(name: desk.Command, **more: Any) -> Command:
    return Command(
        name=name.value,
        offered=_offered(name),
        why_not=_why_not(name),
        primary=lambda _: name in _FIRST,
        **more,
    )


COMMANDS: Sequence[Command] = (
    _command(
        desk.Command.CREATE,
        title=gettext_lazy("Create"),
        action=Action.RUN_SERVICES,
        run=_create,
        question=gettext_lazy("The mailbox is set up now, whatever the product says."),
        done=gettext_lazy("The mailbox is set up."),
        icon="add",
    ),
    _command(
        desk.Command.SUSPEND,
        title=gettext_lazy("Suspend"),
        action=Action.RUN_SERVICES,
        run=_suspend,
        form=ReasonForm,
        question=gettext_lazy(
            "Its owner can neither read nor send mail until it is unsuspended. Nothing "
            "is deleted."
        ),
        done=gettext_lazy("The mailbox is suspended."),
        icon="pause",
    ),
    _command(
        desk.Command.UNSUSPEND,
        title=gettext_lazy("Unsuspend"),
        action=Action.UNSUSPEND,
        run=_unsuspend,
        form=ReasonForm,
        done=gettext_lazy("The mailbox is active again."),
        icon="play_arrow",
    ),
    _command(
        desk.Command.PASSWORD,
        title=gettext_lazy("Change password"),
        action=Action.RESET_PASSWORD,
        run=_password,
        form=PasswordForm,
        question=gettext_lazy("All its mail programs need the new password then."),
        done=gettext_lazy("The password was changed."),
        icon="key",
    ),
    _command(
        desk.Command.PLAN,
        title=gettext_lazy("Change package"),
        action=Action.RUN_SERVICES,
        run=_package,
        form=PackageForm,
        done=gettext_lazy("The package was changed."),
        icon="tune",
    ),
    _command(
        desk.Command.CHECK,
        title=gettext_lazy("Check now"),
        action=Action.CHECK_SERVICE,
        run=_check,
        question=gettext_lazy(
            "Our record is compared with the mail platform. Nothing is changed."
        ),
        icon="fact_check",
    ),
    _command(
        desk.Command.WEBMAIL,
        title=gettext_lazy("Open webmail"),
        action=Action.OPEN_WEBMAIL,
        run=_webmail,
        question=gettext_lazy(
            "You will be in somebody else's mailbox. It is kept in the history that "
            "you were."
        ),
        done=gettext_lazy("A way into webmail was shown."),
        icon="mail",
    ),
    _command(
        desk.Command.ADOPT,
        title=gettext_lazy("Adopt"),
        action=Action.RUN_SERVICES,
        run=_adopt,
        form=AdoptForm,
        question=gettext_lazy(
            "A mailbox that exists on the mail platform and belongs to nobody here is "
            "taken over for this service. Its password stays."
        ),
        done=gettext_lazy("The mailbox was taken over."),
        icon="move_to_inbox",
    ),
    _command(
        desk.Command.TERMINATE,
        title=gettext_lazy("Terminate"),
        action=Action.RUN_SERVICES,
        run=_terminate,
        form=TerminateForm,
        question=gettext_lazy(
            "The mailbox with all its mail, its aliases and lists is deleted on the "
            "mail platform. This cannot be undone."
        ),
        done=gettext_lazy("The mailbox was ended."),
        danger=True,
        icon="delete",
    ),
)
