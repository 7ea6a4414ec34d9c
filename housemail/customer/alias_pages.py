"""The tab Aliases: add, remove, and take a removal back for a minute."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from housemail.customer.answers import refused, tell
from housemail.customer.entrance import Visit, change_of, own_mailbox
from housemail.customer.forms import AliasForm, handle_of
from housemail.customer.showing import ClosedError, known, time_of
from housemail.mailboxes import aliases as verbs
from housemail.mailboxes.errors import NotFound, Refusal
from housemail.mailboxes.overview import view
from housemail.mailboxes.wording import say_to_client

PER_PAGE = 50
UNDO_SECONDS = 60
# Removals that can be taken back wait in the session; the newest are enough.
_UNDO = "customer.undo"
_UNDO_MOST = 10
_SALT = "housemail.customer.undo"


@own_mailbox
def aliases(visit: Visit) -> HttpResponse:
    """Show the aliases, and add one."""
    form = _form(visit, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            answer = verbs.add(
                visit.context(),
                visit.deadline(),
                handle=typed["handle"],
                destination=typed["destination"],
            )
        except Refusal as refusal:
            # Where it is the mailbox itself, only the name can be mended.
            own = typed["to"] == AliasForm.OWN
            refused(form, refusal, {"destination": "handle"} if own else None)
        else:
            name = {"name": handle_of(typed["handle"])}
            done = _("The alias %(name)s was added.") % name
            tell(
                visit.request,
                answer,
                done,
                already=_("You have the alias %(name)s already.") % name,
            )
            return visit.to("aliases")
    return _page(visit, form)


@change_of("aliases")
def remove(visit: Visit) -> HttpResponse:
    """Remove one, and offer to take that back."""
    handle = handle_of(visit.request.POST.get("handle", ""))
    destination = _destination(visit, handle)
    try:
        answer = verbs.remove(visit.context(), visit.deadline(), handle=handle)
    except NotFound:
        return _unknown(visit)
    except Refusal as refusal:
        messages.error(visit.request, say_to_client(refusal))
        return visit.to("aliases")
    if answer.status == 200 and destination:
        # The offer says that it was removed.
        _offer_undo(visit, handle, destination)
    else:
        # Where it delivered is not known: to take that back would be a guess.
        tell(
            visit.request,
            answer,
            _("The alias %(name)s was removed.") % {"name": handle},
        )
    return visit.to("aliases")


@change_of("aliases")
def undo(visit: Visit) -> HttpResponse:
    """Add again what was removed within the last minute."""
    token = visit.request.POST.get("token", "")
    removed = _removed(token, visit, UNDO_SECONDS)
    if removed is None:
        messages.error(
            visit.request,
            _("The minute to take that back is over. Add the alias again below."),
        )
        return visit.to("aliases")
    try:
        answer = verbs.add(
            visit.context(),
            visit.deadline(),
            handle=removed["handle"],
            destination=removed["destination"],
        )
    except Refusal as refusal:
        messages.error(visit.request, say_to_client(refusal))
        return visit.to("aliases")
    waiting = visit.request.session.get(_UNDO, [])
    visit.request.session[_UNDO] = [kept for kept in waiting if kept != token]
    done = _("The alias %(name)s is back.") % {"name": removed["handle"]}
    tell(visit.request, answer, done)
    return visit.to("aliases")


# --- the page


def _form(visit: Visit, data: QueryDict | None) -> AliasForm:
    plan = visit.context().lenient_plan()
    if plan.allow_external_forwards:
        hint = _("Any e-mail address, here or elsewhere.")
    else:
        domain = visit.row.address.partition("@")[2]
        hint = _("An address of %(domain)s; your plan has no others.") % {
            "domain": domain
        }
    typed = visit.typed("aliases") if data is None else None
    return AliasForm(data, address=visit.row.address, hint=hint, typed=typed)


def _page(visit: Visit, form: AliasForm, status: int = 200) -> HttpResponse:
    try:
        shown = known(visit, ask=not form.is_bound and status == 200)
    except ClosedError as closed:
        return closed.page
    pages = Paginator(shown["view"]["aliases"], PER_PAGE)
    page = pages.get_page(visit.request.GET.get("page"))
    rows = [row | {"added_at": time_of(row["added_at"])} for row in page.object_list]
    shown |= {"form": form, "page": page, "rows": rows, "undo": _waiting(visit)}
    return render(visit.request, "customer/aliases.html", shown, status=status)


def _unknown(visit: Visit) -> HttpResponse:
    """Say that it is not there: never was, no more, or somebody else's."""
    messages.error(
        visit.request,
        _("That is no alias of this mailbox, or no longer. Nothing was changed."),
    )
    return _page(visit, _form(visit, None), status=404)


# --- taking a removal back


def _destination(visit: Visit, handle: str) -> str:
    """Return where an alias delivers now, for the way back; "" when not known."""
    try:
        known_aliases: Any = view(visit.context())["aliases"]
    except Refusal:
        return ""
    found = (row["destination"] for row in known_aliases if row["handle"] == handle)
    return str(next(found, ""))


def _offer_undo(visit: Visit, handle: str, destination: str) -> None:
    removed = {
        "ref": visit.service.pk,
        "handle": handle,
        "destination": destination,
    }
    token = signing.dumps(removed, salt=_SALT)
    waiting = visit.request.session.get(_UNDO, [])
    visit.request.session[_UNDO] = [*waiting, token][-_UNDO_MOST:]


def _removed(token: str, visit: Visit, seconds: int) -> dict[str, str] | None:
    """Return what a token takes back: of this mailbox, and not too long ago."""
    try:
        removed: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=seconds)
    except signing.BadSignature:
        return None
    return removed if removed["ref"] == visit.service.pk else None


def _waiting(visit: Visit) -> list[dict[str, str]]:
    """Return what may still be taken back, the newest first."""
    tokens = visit.request.session.get(_UNDO, [])
    found = ((token, _removed(token, visit, UNDO_SECONDS)) for token in tokens)
    return [
        {"token": token, "handle": removed["handle"]}
        for token, removed in reversed(list(found))
        if removed is not None
    ]
