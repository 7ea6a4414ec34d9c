"""Services: every installation's mailboxes, and everything about one on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from housemail.console import desk_commands, end_commands, shown
from housemail.console.bulk import BulkCommand
from housemail.console.commands import ReasonForm, person_of
from housemail.console.desk_commands import case_of, not_seen
from housemail.console.filters import FilteredAdmin, FilterForm
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.console.timeline import operations_of
from housemail.installations.models import Installation
from housemail.mailboxes.models import DistributionList, ListMember, Mailbox
from housemail.mailboxes.wording import account_type, say
from housemail.modulelog import entries
from housemail.people import roles
from housemail.sales import desk
from housemail.sales.models import Service

_CALLS_SHOWN = 10
_OPERATIONS_SHOWN = 20
_PARTS_SHOWN = 100


def address_of_search(term: str) -> Q | None:
    """Return what an e-mail address, or the part before its "@", is searched with."""
    handle, at, domain = term.strip().lower().partition("@")
    if not at or " " in handle:
        return None
    found = Q(handle=handle) if handle else Q()
    return found & Q(house_domain__name__startswith=domain)


class ServiceFilters(FilterForm):
    """By billing system, and by state."""

    installation = forms.ModelChoiceField(
        label=gettext_lazy("Billing system"),
        queryset=Installation.objects.order_by("name"),
        empty_label=gettext_lazy("All"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All")),
            *((state.value, shown.MAILBOX[state].word) for state in Mailbox.State),
            ("staff", gettext_lazy("Waits for staff")),
        ],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the mailboxes of this installation in this state."""
        installation = self.cleaned_data.get("installation")
        if installation is not None:
            rows = rows.filter(installation=installation)
        state = self.chosen("state")
        if state == "staff":
            return rows.filter(needs_staff=True)
        return rows.filter(state=state) if state else rows


@admin.register(Mailbox, site=site)
class MailboxAdmin(FilteredAdmin):
    """Mailboxes of all installations, with the module commands."""

    section = Section.MAILBOXES
    icon = "mail"
    position = 10
    commands = (*desk_commands.COMMANDS, *end_commands.COMMANDS)
    picked = ngettext_lazy(
        "%(number)s mailbox was picked", "%(number)s mailboxes were picked", "number"
    )
    bulk_commands = (
        BulkCommand(
            name="mailbox_suspend",
            title=gettext_lazy("Suspend"),
            form=ReasonForm,
            danger=True,
        ),
        BulkCommand(
            name="mailbox_unsuspend",
            title=gettext_lazy("Unsuspend"),
            form=ReasonForm,
        ),
        BulkCommand(
            name="mailbox_check",
            title=gettext_lazy("Check now"),
        ),
    )
    filter_form = ServiceFilters
    search_fields = ("handle", "ref", "owner_id", "display_name")
    search_help_text = gettext_lazy("Address, service id, owner's id or name")
    list_display = (
        "address_shown",
        "state_shown",
        "system",
        "ref_shown",
        "quota",
    )
    list_select_related = ("installation", "server", "house_domain")
    ordering = ("-pk",)
    change_form_outer_before_template = "console/service_head.html"
    change_form_outer_after_template = "console/service.html"
    fieldsets = (
        (
            gettext_lazy("Mailbox"),
            {
                "fields": (
                    ("installation_shown", "ref_shown"),
                    ("owner_shown", "server_shown"),
                    ("claim_shown", "created"),
                )
            },
        ),
        (
            gettext_lazy("Plan"),
            {
                "fields": (
                    ("plan_wanted", "plan_of_product"),
                    ("plan_seen", "unconfirmed_shown"),
                )
            },
        ),
    )
    readonly_fields = (
        "installation_shown",
        "ref_shown",
        "owner_shown",
        "server_shown",
        "claim_shown",
        "created",
        "plan_wanted",
        "plan_of_product",
        "plan_seen",
        "unconfirmed_shown",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows with what each shows."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("installation", "server", "house_domain")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a whole address too, by the index on domain and handle."""
        address = address_of_search(search_term)
        if address is not None:
            return queryset.filter(address), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    # --- what is shown

    @admin.display(description=gettext_lazy("Address"), ordering="handle")
    def address_shown(self, mailbox: Mailbox) -> str:
        """Its address."""
        return str(mailbox.address)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_shown(self, mailbox: Mailbox) -> SafeString:
        """Its state, and whether it waits for staff."""
        if mailbox.needs_staff:
            word = gettext_lazy("Needs attention")
            return shown.label(shown.Look(word, "warning", "bad"))
        return shown.badge(shown.MAILBOX, mailbox.state)

    @admin.display(description=gettext_lazy("Storage"), ordering="quota_gb")
    def quota(self, mailbox: Mailbox) -> str:
        """Its storage."""
        return shown.gigabytes(mailbox.quota_gb)

    @admin.display(description=gettext_lazy("Billing system"), ordering="installation")
    def system(self, mailbox: Mailbox) -> str:
        """Whose it is, for the list."""
        return str(mailbox.installation)

    @admin.display(description=gettext_lazy("Billing system"))
    def installation_shown(self, mailbox: Mailbox) -> SafeString | str:
        """Whose it is."""
        return shown.to_page(mailbox.installation)

    @admin.display(description=gettext_lazy("Service id"))
    def ref_shown(self, mailbox: Mailbox) -> str:
        """Its id there, and which life it is."""
        if mailbox.generation == 1:
            return mailbox.ref
        return _("%(ref)s (life %(number)s)") % {
            "ref": mailbox.ref,
            "number": mailbox.generation,
        }

    @admin.display(description=gettext_lazy("Owner"))
    def owner_shown(self, mailbox: Mailbox) -> SafeString | str:
        """Its owner: the shop's customer with order, else the id there."""
        service = case_of(mailbox).service
        if service is None:
            name, owner = mailbox.display_name, mailbox.owner_id
            return " · ".join(part for part in (name, owner) if part) or shown.NOTHING
        words = _("Order %(number)s") % {"number": service.order}
        order = shown.to_page(service.order, words)
        return shown.lines([service.customer, service.customer.email, order])

    @admin.display(description=gettext_lazy("Server"))
    def server_shown(self, mailbox: Mailbox) -> str:
        """Where it lives."""
        return str(mailbox.server)

    @admin.display(description=gettext_lazy("Claim"))
    def claim_shown(self, mailbox: Mailbox) -> SafeString | str:
        """What our record says of the address."""
        handle, domain = mailbox.handle, mailbox.house_domain_id
        claim = mailbox.house_domain.claims.filter(
            handle=handle, house_domain_id=domain
        ).first()
        if claim is None:
            return _("Free: nobody holds this address.")
        lines: list[object] = [shown.badge(shown.CLAIM, claim.kind)]
        if claim.mailbox_id != mailbox.pk:
            lines.append(_("by service %(ref)s") % {"ref": claim.ref or shown.NOTHING})
        if claim.expires_at is not None:
            at = shown.moment(claim.expires_at)
            lines.append(_("until %(at)s") % {"at": at})
        return shown.lines(lines)

    @admin.display(description=gettext_lazy("First known"))
    def created(self, mailbox: Mailbox) -> str:
        """Since when we know it."""
        return shown.moment(mailbox.created_at)

    @admin.display(description=gettext_lazy("Wanted"))
    def plan_wanted(self, mailbox: Mailbox) -> SafeString:
        """What the last create or change of plan asked for."""
        kind = account_type(mailbox.account_type)
        return shown.lines(
            [
                self.quota(mailbox),
                kind,
                f"{mailbox.language}, {mailbox.timezone}, {mailbox.date_format}",
            ]
        )

    @admin.display(description=gettext_lazy("Product"))
    def plan_of_product(self, mailbox: Mailbox) -> SafeString | str:
        """What the shop's product says now, and the limits."""
        service = case_of(mailbox).service
        if service is None:
            name = mailbox.installation.name
            return _("%(name)s sends the settings with each call.") % {"name": name}
        plan = desk.plan_of(service)
        return shown.lines(
            [
                service.product,
                shown.gigabytes(plan.quota_gb),
                account_type(plan.account_type),
                _("Aliases: %(used)s")
                % {"used": shown.used(mailbox.aliases_used, plan.max_aliases)},
                _("Lists: %(used)s")
                % {"used": shown.used(mailbox.lists_used, plan.max_lists)},
            ]
        )

    @admin.display(description=gettext_lazy("Seen on the mail platform"))
    def plan_seen(self, mailbox: Mailbox) -> SafeString | str:
        """What the platform showed last, and when."""
        if mailbox.seen_at is None:
            return not_seen(mailbox)
        lines: list[object] = []
        if mailbox.used_bytes is not None:
            lines.append(shown.size(mailbox.used_bytes))
        at = shown.moment(mailbox.last_login_at)
        lines.append(_("last sign-in %(at)s") % {"at": at})
        lines.append(_("seen %(at)s") % {"at": shown.moment(mailbox.seen_at)})
        return shown.lines(lines)

    @admin.display(description=gettext_lazy("Sent, but not confirmed"))
    def unconfirmed_shown(self, mailbox: Mailbox) -> str:
        """What the platform has not shown since it was sent."""
        names = [str(desk.SETTINGS.get(name, name)) for name in mailbox.unconfirmed]
        return ", ".join(names) or shown.NOTHING

    # --- the page

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page with all that belongs to the mailbox."""
        mailbox = context.get("original")
        if isinstance(mailbox, Mailbox):
            context |= _belonging(mailbox)
            context["not_offered"] = not_offered(request, mailbox)
            service = case_of(mailbox).service
            if service is None:
                context["elsewhere"] = mailbox.installation.name
            elif service.ends_at is not None:
                context["ends_at"] = shown.moment(service.ends_at)
            context["state_shown"] = self.state_shown(mailbox)
            since = shown.moment(mailbox.state_changed_at)
            context["state_since"] = _("since %(at)s") % {"at": since}
        return super().render_change_form(request, context, *args, **kwargs)


def not_offered(request: HttpRequest, obj: Mailbox | Service) -> dict[str, list[Any]]:
    """Return the commands that this role has and the case has not, by the reason."""
    person, case = person_of(request), case_of(obj)
    found: dict[str, list[Any]] = {}
    for command in desk_commands.COMMANDS:
        reason = desk.why_not(case, desk.Command(command.name))
        if reason is None or not roles.may(person, command.action):
            continue
        params = dict(reason.params)
        if "state" in params:
            params["state"] = str(shown.MAILBOX[case.state].word)
        found.setdefault(say(reason.sentence, params), []).append(command.title)
    return found


def _aliases(mailbox: Mailbox) -> list[dict[str, Any]]:
    rows = mailbox.aliases.select_related("claim").order_by("claim__handle")
    return [
        {
            "address": f"{row.claim.handle}@{mailbox.house_domain.name}",
            "destination": row.destination,
            "state": shown.badge(shown.PART, row.state),
        }
        for row in rows[:_PARTS_SHOWN]
    ]


def _lists(mailbox: Mailbox) -> list[dict[str, Any]]:
    members = Prefetch("members", ListMember.objects.order_by("address"))
    rows = DistributionList.objects.filter(mailbox=mailbox).select_related("claim")
    rows = rows.prefetch_related(members).order_by("claim__handle")
    return [
        {
            "address": f"{row.claim.handle}@{mailbox.house_domain.name}",
            "state": shown.badge(shown.PART, row.state),
            "members": [member.address for member in row.members.all()],
        }
        for row in rows[:_PARTS_SHOWN]
    ]


def _belonging(mailbox: Mailbox) -> dict[str, Any]:
    """Return aliases, lists, operations and calls; a fixed number of queries."""
    operations = reverse("console:mailboxes_operation_changelist")
    calls = reverse("console:modulelog_modulelogentry_changelist")
    return {
        "aliases": _aliases(mailbox),
        "lists": _lists(mailbox),
        "operations": operations_of(mailbox, _OPERATIONS_SHOWN),
        "operations_url": f"{operations}?mailbox={mailbox.pk}",
        "calls": [
            {
                "at": shown.moment(entry.at),
                "action": entry.action,
                "verb": shown.called_for(entry.verb),
                "state": shown.badge(shown.CALL, entry.outcome),
                "duration_ms": entry.duration_ms,
                "url": reverse(
                    "console:modulelog_modulelogentry_change", args=[entry.pk]
                ),
            }
            for entry in entries.of_service(
                mailbox.installation_id, mailbox.ref, _CALLS_SHOWN
            )
        ],
        "calls_url": (
            f"{calls}?service={mailbox.ref}&installation={mailbox.installation_id}"
        ),
    }
