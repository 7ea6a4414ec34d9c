"""Calls about the aliases and lists of one service; each answers the overview."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from housemail.api.answers import OverviewOut
from housemail.api.auth import WRITE
from housemail.api.caller import CallerRequest
from housemail.api.entry import Entry, entering
from housemail.api.openapi import answers
from housemail.api.schemas import AliasIn, HandleIn, ListIn, MembersIn, RefInPath
from housemail.api.wording import worded
from housemail.mailboxes import aliases, lists, overview
from housemail.mailboxes.context import Answer

router = Router(tags=["aliases and lists"], auth=WRITE)


def _then_overview(entry: Entry, answer: Answer) -> HttpResponse:
    """Answer the overview as it is now; without asking the platform again."""
    seen = overview.view(entry.context)
    if answer.status != 200:
        return entry.answer(answer, overview=worded(entry.request, seen))
    return entry.body({**seen, **answer.data})


@router.post("/{ref}/aliases/add", response=answers(OverviewOut))
def add_alias(request: CallerRequest, ref: RefInPath, payload: AliasIn) -> HttpResponse:
    """Add an alias; without a destination it delivers to the mailbox."""
    with entering(request, payload, ref) as entry:
        answer = aliases.add(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            destination=payload.destination,
        )
        return _then_overview(entry, answer)


@router.post("/{ref}/aliases/remove", response=answers(OverviewOut))
def remove_alias(
    request: CallerRequest, ref: RefInPath, payload: HandleIn
) -> HttpResponse:
    """Remove an alias of this mailbox."""
    with entering(request, payload, ref) as entry:
        answer = aliases.remove(entry.context, entry.deadline, handle=payload.handle)
        return _then_overview(entry, answer)


@router.post("/{ref}/lists/add", response=answers(OverviewOut))
def add_list(request: CallerRequest, ref: RefInPath, payload: ListIn) -> HttpResponse:
    """Add a distribution list, with members when some are given."""
    with entering(request, payload, ref) as entry:
        answer = lists.add(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            members=payload.members,
        )
        return _then_overview(entry, answer)


@router.post("/{ref}/lists/remove", response=answers(OverviewOut))
def remove_list(
    request: CallerRequest, ref: RefInPath, payload: HandleIn
) -> HttpResponse:
    """Remove a distribution list of this mailbox."""
    with entering(request, payload, ref) as entry:
        answer = lists.remove(entry.context, entry.deadline, handle=payload.handle)
        return _then_overview(entry, answer)


@router.post("/{ref}/lists/members/add", response=answers(OverviewOut))
def add_members(
    request: CallerRequest, ref: RefInPath, payload: MembersIn
) -> HttpResponse:
    """Add members to a list; each is answered on its own."""
    with entering(request, payload, ref) as entry:
        answer = lists.add_members(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            members=payload.members,
        )
        return _then_overview(entry, answer)


@router.post("/{ref}/lists/members/remove", response=answers(OverviewOut))
def remove_members(
    request: CallerRequest, ref: RefInPath, payload: MembersIn
) -> HttpResponse:
    """Remove members from a list; each is answered on its own."""
    with entering(request, payload, ref) as entry:
        answer = lists.remove_members(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            members=payload.members,
        )
        return _then_overview(entry, answer)
