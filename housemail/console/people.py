"""Staff and customers: who signs in; owners give and take roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from housemail.console.base import RoomAdmin
from housemail.console.commands import (
    Call,
    Command,
    CommandForm,
    Page,
    Result,
    Words,
)
from housemail.console.marks import list_of, mark
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people import enrol, staff
from housemail.people.acts import Ending, Kind
from housemail.people.models import User, folded
from housemail.people.roles import Action, Role

ROLE_WORDS: dict[Role | None, Words] = {
    None: _("Customer"),
    Role.SUPPORT: _("Support"),
    Role.MANAGER: _("Manager"),
    Role.OWNER: _("Owner"),
}
TAKEN = _("This address has an account. Open it and change its role.")
CUSTOMER = "customer"
STAFF_ROLES = [(role.value, ROLE_WORDS[role]) for role in Role]


class RoleForm(CommandForm):
    """Which role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", ROLE_WORDS[None]), *STAFF_ROLES],
        required=False,
        help_text=_(
            "Support sees all, unsuspends and resets passwords. Managers do all but "
            "keys and roles. Owners do all."
        ),
    )

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        """Begin with the present role."""
        kwargs.setdefault("initial", {"role": staff.listed_role(obj) or ""})
        super().__init__(*args, obj=obj, **kwargs)


class InviteForm(CommandForm):
    """Who joins, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES)

    def clean_email(self) -> str:
        """Refuse an address that has an account, before anything is done."""
        email = folded(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(TAKEN, code="taken")
        return email


def _role(value: str) -> Role | None:
    return Role(value) if value else None


def _guarded(call: Call, work: Callable[[], None]) -> Ending:
    """Do it; the last owner's rule is a sentence."""
    try:
        work()
    except staff.LastOwnerError as refused:
        return Ending(Kind.ERROR, str(refused))
    return Ending(Kind.SUCCESS, gettext("%(person)s: done.") % {"person": call.obj})


def _change_role(call: Call) -> Ending:
    role = _role(call.data["role"])
    ending = _guarded(call, lambda: staff.change_role(call.obj, role))
    if ending.kind is Kind.ERROR:
        return ending
    known = {"person": call.obj, "role": ROLE_WORDS[role]}
    return Ending(Kind.SUCCESS, gettext("%(person)s is now: %(role)s.") % known)


def _lock(call: Call) -> Ending:
    return _guarded(call, lambda: staff.allow_sign_in(call.obj, allowed=False))


def _unlock(call: Call) -> Ending:
    return _guarded(call, lambda: staff.allow_sign_in(call.obj, allowed=True))


def _remove_second_factor(call: Call) -> str:
    if staff.remove_second_factor(call.obj):
        return gettext("The second factor was removed.")
    return gettext("There was no second factor.")


def _invite(call: Call) -> Result:
    try:
        person = enrol.enrol(
            call.data["email"],
            None,
            name=call.data["name"],
            role=_role(call.data["role"]),
        )
    except IntegrityError:
        # Somebody was faster than the form's own look.
        return Ending(Kind.ERROR, str(TAKEN))
    known = {"email": person.email, "role": ROLE_WORDS[person.role]}
    words = gettext("%(email)s was added: %(role)s.") % known
    return Page(
        _link_shown_once(call, person), Ending(Kind.SUCCESS, words, subject=person)
    )


def _link_shown_once(call: Call, person: User) -> HttpResponse:
    """Show the link, this once; it is in no history and no log."""
    return TemplateResponse(
        call.request,
        "console/shown_once.html",
        {
            **site.each_context(call.request),
            "title": gettext("Give this link to the new member of staff"),
            "words": gettext(
                "It sets the password, works once and is shown only now. A second "
                "factor is set up at the first sign-in."
            ),
            "secret": settings.HOUSEMAIL_PUBLIC_URL.rstrip("/")
            + enrol.password_link(person),
            "back": list_of("people_user"),
        },
    ).render()


class RoleFilter(admin.SimpleListFilter):
    """Staff by role, and customers."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The roles, from the most to the least."""
        return [*reversed(STAFF_ROLES), (CUSTOMER, ROLE_WORDS[None])]

    def has_output(self) -> bool:
        """Show nothing: the links above the list are these choices."""
        return False

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> QuerySet[User]:
        """Leave it to ``of_asked_role``: Django asks no filter that is not shown."""
        return queryset


def of_asked_role(people: QuerySet[User], value: str) -> QuerySet[User]:
    """Return those of the role that the address asks for."""
    if value == CUSTOMER:
        return staff.customers(people)
    wanted = next((role for role in Role if role.value == value), None)
    return people if wanted is None else staff.of_role(people, wanted)


@admin.register(User, site=site)
class PersonAdmin(RoomAdmin):
    """People sign up themselves; owners make staff of them."""

    section = Section.ACCESS
    icon = "group"
    position = 10
    list_display = (
        "email",
        "name",
        "shown_role",
        "second_factor",
        "may_sign_in",
        "joined_at",
    )
    list_filter = (RoleFilter,)
    search_fields = ("email", "name")
    search_help_text = _("E-mail address or name")
    ordering = ("email",)
    quick_filters = (
        (_("All"), {}),
        (_("Owners"), {"role": "owner"}),
        (_("Managers"), {"role": "manager"}),
        (_("Support"), {"role": "support"}),
        (_("Customers"), {"role": CUSTOMER}),
    )
    fields = (
        ("email", "name"),
        ("shown_role", "second_factor"),
        ("may_sign_in", "language"),
        ("joined_at", "last_login"),
    )
    readonly_fields = ("shown_role", "second_factor", "may_sign_in")
    list_commands = (
        Command(
            name="invite",
            title=_("Add a member of staff"),
            action=Action.EDIT_STAFF,
            run=_invite,
            form=InviteForm,
            icon="person_add",
            question=_("You get a link for them, with which they set a password."),
        ),
    )
    commands = (
        Command(
            name="role",
            title=_("Change the role"),
            action=Action.EDIT_STAFF,
            run=_change_role,
            form=RoleForm,
            icon="badge",
        ),
        Command(
            name="remove-second-factor",
            title=_("Remove the second factor"),
            action=Action.EDIT_STAFF,
            run=_remove_second_factor,
            icon="phonelink_erase",
            question=_(
                "After a loss. Make sure that it is really this person who asks."
            ),
            danger=True,
            offered=lambda person: getattr(person, "has_second_factor", False),
        ),
        Command(
            name="lock",
            title=_("Lock"),
            action=Action.EDIT_STAFF,
            run=_lock,
            icon="lock",
            danger=True,
            question=_("This person can no longer sign in. Mailboxes go on."),
            offered=lambda person: person.is_active,
            why_not=lambda _person: _("This person is locked already."),
        ),
        Command(
            name="unlock",
            title=_("Allow to sign in"),
            action=Action.EDIT_STAFF,
            run=_unlock,
            icon="lock_open",
            offered=lambda person: not person.is_active,
            why_not=lambda _person: _("This person may sign in already."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read role and second factor with each row, and no password's digest."""
        return of_asked_role(staff.all_people(), request.GET.get("role", ""))

    @admin.display(description=_("Role"))
    def shown_role(self, person: User) -> str:
        """What this person is."""
        return str(ROLE_WORDS[staff.listed_role(person)])

    @admin.display(description=_("Second factor"))
    def second_factor(self, person: User) -> SafeString:
        """Whether there is one."""
        if getattr(person, "has_second_factor", False):
            return mark(gettext("In use"), "good")
        return mark(gettext("None"), "plain")

    @admin.display(description=_("Sign-in"), ordering="is_active")
    def may_sign_in(self, person: User) -> SafeString:
        """Whether this person may sign in."""
        if person.is_active:
            return mark(gettext("Allowed"), "good")
        return mark(gettext("Locked"), "bad", "lock")
