"""The tab Lists: distribution lists and their members, each answered on its own."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from housemail.customer.answers import line, refused, tell
from housemail.customer.entrance import Visit, change_of, own_mailbox
from housemail.customer.forms import ListForm, MembersForm, handle_of
from housemail.customer.showing import ClosedError, known
from housemail.customer.typed import is_recent
from housemail.mailboxes import lists as verbs
from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import NotFound, Refusal
from housemail.mailboxes.wording import say_to_client

PER_PAGE = 10
# How each member was answered waits in the session until the next change, and not long:
# another tab, or a browser that reads ahead, must not use it up.
_LINES = "customer.lines"
_LINES_SECONDS = 180


@own_mailbox
def lists(visit: Visit) -> HttpResponse:
    """Show the lists, and add one."""
    form = ListForm(visit.request.POST or None, initial=visit.typed("lists"))
    if visit.request.method == "POST" and form.is_valid():
        handle = handle_of(form.cleaned_data["handle"])
        try:
            answer = verbs.add(
                visit.context(),
                visit.deadline(),
                handle=handle,
                members=form.cleaned_data["members"],
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            done = _("The list %(name)s was added.") % {"name": handle}
            already = _("You have the list %(name)s already.") % {"name": handle}
            tell(visit.request, answer, done, already=already)
            _keep_lines(visit, handle, answer)
            return _to_list(visit, handle)
    return _page(visit, form)


@change_of("lists")
def remove(visit: Visit) -> HttpResponse:
    """Remove a list with its members."""
    handle = handle_of(visit.request.POST.get("list", ""))
    try:
        answer = verbs.remove(visit.context(), visit.deadline(), handle=handle)
    except NotFound:
        return _unknown(visit)
    except Refusal as refusal:
        messages.error(visit.request, say_to_client(refusal))
        return visit.to("lists")
    visit.request.session.pop(_LINES, None)
    done = _("The list %(name)s was removed.") % {"name": handle}
    tell(visit.request, answer, done)
    return visit.to("lists")


@change_of("lists")
def add_members(visit: Visit) -> HttpResponse:
    """Add several members at once."""
    handle = handle_of(visit.request.POST.get("list", ""))
    form = _members_form(handle, visit.request.POST)
    if form.is_valid():
        try:
            answer = verbs.add_members(
                visit.context(),
                visit.deadline(),
                handle=handle,
                members=form.cleaned_data["members"],
            )
        except NotFound:
            return _unknown(visit)
        except Refusal as refusal:
            refused(form, refusal)
        else:
            _keep_lines(visit, handle, answer)
            return _to_list(visit, handle)
    return _page(visit, ListForm(), bound=form, handle=handle)


@change_of("lists")
def remove_member(visit: Visit) -> HttpResponse:
    """Remove one member."""
    handle = handle_of(visit.request.POST.get("list", ""))
    member = visit.request.POST.get("member", "")
    try:
        answer = verbs.remove_members(
            visit.context(), visit.deadline(), handle=handle, members=[member]
        )
    except NotFound:
        return _unknown(visit)
    except Refusal as refusal:
        messages.error(visit.request, say_to_client(refusal))
        return _to_list(visit, handle)
    if answer.data["results"][0]["status"] == "not_on_list":
        return _unknown(visit)
    _keep_lines(visit, handle, answer)
    return _to_list(visit, handle)


# --- the page


def _members_form(handle: str, data: Any = None, again: str = "") -> MembersForm:
    # Several of these stand on one page: each with ids of its own.
    return MembersForm(
        data,
        initial={"list": handle, "members": again},
        auto_id=f"id_{handle.replace(' ', '')}_%s",
    )


def _page(
    visit: Visit,
    form: ListForm,
    *,
    bound: MembersForm | None = None,
    handle: str = "",
    status: int = 200,
) -> HttpResponse:
    ask = not form.is_bound and bound is None and status == 200
    try:
        shown = known(visit, ask=ask)
    except ClosedError as closed:
        return closed.page
    rows = shown["view"]["lists"]
    if bound is not None and handle not in [row["handle"] for row in rows]:
        return _unknown(visit)
    typed = visit.typed("members_add")
    lines = _lines(visit)
    again = {name: _refused(told) for name, told in lines.items()}
    again[handle_of(typed.get("list", ""))] = typed.get("members", "")
    wished = handle or typed.get("list") or visit.request.GET.get("list", "")
    page = _page_of(rows, visit, wished)
    cards = [
        {
            **row,
            "lines": lines.get(row["handle"], []),
            "form": bound
            if bound is not None and row["handle"] == handle
            else _members_form(row["handle"], again=again.get(row["handle"], "")),
        }
        for row in page.object_list
    ]
    shown |= {"form": form, "page": page, "cards": cards}
    return render(visit.request, "customer/lists.html", shown, status=status)


def _page_of(
    rows: Sequence[Mapping[str, Any]], visit: Visit, handle: str
) -> Page[Mapping[str, Any]]:
    """Return the page that was asked for, or the one with this list on it."""
    names = [row["handle"] for row in rows]
    number: Any = visit.request.GET.get("page")
    if not number and handle in names:
        number = names.index(handle) // PER_PAGE + 1
    return Paginator(rows, PER_PAGE).get_page(number)


def _to_list(visit: Visit, handle: str) -> HttpResponse:
    name = quote(handle, safe="")
    return visit.to("lists", f"?list={name}#list-{name}")


def _unknown(visit: Visit) -> HttpResponse:
    """Say that it is not there: never was, no more, or somebody else's."""
    messages.error(
        visit.request,
        _("That is not on your lists, or no longer. Nothing was changed."),
    )
    return _page(visit, ListForm(), status=404)


def _keep_lines(visit: Visit, handle: str, answer: Answer) -> None:
    results = answer.data.get("results", [])
    visit.request.session[_LINES] = {
        "ref": visit.service.pk,
        "list": handle,
        "lines": [line(result) for result in results],
        "at": time.time(),
    }


def _refused(lines: Iterable[Mapping[str, str]]) -> str:
    """Return what was refused: it stands in the form again, to be corrected."""
    return "\n".join(told["member"] for told in lines if told["kind"] == "error")


def _lines(visit: Visit) -> dict[str, list[dict[str, str]]]:
    kept = visit.request.session.get(_LINES)
    if kept is None or kept["ref"] != visit.service.pk:
        return {}
    if not is_recent(kept, _LINES_SECONDS):
        return {}
    return {kept["list"]: kept["lines"]}
