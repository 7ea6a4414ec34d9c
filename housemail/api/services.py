"""Calls about the mailbox of one service: each hands its input to one verb."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from housemail.api.answers import (
    CheckOut,
    MailboxOut,
    OverviewOut,
    PlanOut,
    ReleasedOut,
    StateOut,
    WebmailOut,
)
from housemail.api.auth import ADOPT, READ, WRITE
from housemail.api.caller import CallerRequest
from housemail.api.entry import answered, entering
from housemail.api.openapi import answers
from housemail.api.schemas import (
    AdoptIn,
    ContextIn,
    CreateIn,
    NameIn,
    PasswordIn,
    ReasonIn,
    RefInPath,
    ReleaseNameIn,
)
from housemail.api.wording import sentence_of
from housemail.mailboxes import (
    adoption,
    availability,
    moving,
    overview,
    provisioning,
    releasing,
    webmail,
)

router = Router(tags=["services"], auth=WRITE)


@router.post("/{ref}/reserve", response=answers(StateOut))
def reserve(request: CallerRequest, ref: RefInPath, payload: NameIn) -> HttpResponse:
    """Hold an address for a service that is being ordered; repeats renew the hold."""
    with entering(request, payload, ref) as entry:
        answer = availability.reserve(
            entry.context, entry.deadline, handle=payload.handle, domain=payload.domain
        )
        return entry.answer(answer)


@router.post("/{ref}/release", response=answers(StateOut))
def release(request: CallerRequest, ref: RefInPath, payload: ContextIn) -> HttpResponse:
    """Give up what the service holds."""
    with entering(request, payload, ref) as entry:
        return entry.answer(availability.release(entry.context))


@router.post("/{ref}/create", response=answers(MailboxOut))
def create(request: CallerRequest, ref: RefInPath, payload: CreateIn) -> HttpResponse:
    """Create the mailbox; the same call again makes no second one."""
    password = payload.password
    with entering(request, payload, ref) as entry:
        answer = provisioning.create(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            domain=payload.domain,
            password=None if password is None else password.get_secret_value(),
            display_name=payload.display_name,
        )
        return entry.answer(answer)


@router.post("/{ref}/suspend", response=answers(StateOut))
def suspend(request: CallerRequest, ref: RefInPath, payload: ReasonIn) -> HttpResponse:
    """Suspend: switched off on the platform, and no change by the customer."""
    with entering(request, payload, ref) as entry:
        answer = provisioning.suspend(
            entry.context, entry.deadline, reason=payload.reason
        )
        return entry.answer(answer)


@router.post("/{ref}/unsuspend", response=answers(StateOut))
def unsuspend(
    request: CallerRequest, ref: RefInPath, payload: ReasonIn
) -> HttpResponse:
    """Unsuspend a mailbox that was suspended by this service."""
    with entering(request, payload, ref) as entry:
        answer = provisioning.unsuspend(
            entry.context, entry.deadline, reason=payload.reason
        )
        return entry.answer(answer)


@router.post("/{ref}/terminate", response=answers(StateOut))
def terminate(
    request: CallerRequest, ref: RefInPath, payload: ReasonIn
) -> HttpResponse:
    """End the mailbox with its aliases and lists; repeating it changes nothing."""
    with entering(request, payload, ref) as entry:
        answer = provisioning.terminate(
            entry.context, entry.deadline, reason=payload.reason
        )
        return entry.answer(answer)


@router.post("/{ref}/password", response=answers(StateOut))
def password(
    request: CallerRequest, ref: RefInPath, payload: PasswordIn
) -> HttpResponse:
    """Set the mailbox's password."""
    with entering(request, payload, ref) as entry:
        answer = provisioning.set_password(
            entry.context,
            entry.deadline,
            password=payload.password.get_secret_value(),
        )
        return entry.answer(answer)


@router.post("/{ref}/plan", response=answers(PlanOut))
def plan(request: CallerRequest, ref: RefInPath, payload: ContextIn) -> HttpResponse:
    """Bring the mailbox to the plan of the context."""
    with entering(request, payload, ref) as entry:
        return entry.answer(provisioning.change_plan(entry.context, entry.deadline))


@router.post("/{ref}/overview", response=answers(OverviewOut), auth=READ)
def view(request: CallerRequest, ref: RefInPath, payload: ContextIn) -> HttpResponse:
    """Show all that a client area needs."""
    with entering(request, payload, ref) as entry:
        return entry.body(overview.overview(entry.context, entry.deadline))


@router.post("/{ref}/webmail-login", response=answers(WebmailOut))
def webmail_login(
    request: CallerRequest, ref: RefInPath, payload: ContextIn
) -> HttpResponse:
    """Mint a one-time way into webmail; it is in no log and not among the calls."""
    with entering(request, payload, ref) as entry:
        login = webmail.login(entry.context, entry.deadline)
    body = {"method": login.method, "url": login.url, "fields": login.fields}
    # Not through the entry: this answer carries no calls.
    return answered(body)


@router.post("/{ref}/check", response=answers(CheckOut), auth=READ)
def check(request: CallerRequest, ref: RefInPath, payload: ContextIn) -> HttpResponse:
    """Compare our record with the platform; changes nothing."""
    with entering(request, payload, ref) as entry:
        return entry.answer(provisioning.check(entry.context, entry.deadline))


@router.post("/{ref}/adopt", response=answers(MailboxOut), auth=ADOPT)
def adopt(request: CallerRequest, ref: RefInPath, payload: AdoptIn) -> HttpResponse:
    """Take over a mailbox that exists on the platform and is nobody's (staff)."""
    with entering(request, payload, ref) as entry:
        answer = adoption.adopt(
            entry.context, entry.deadline, handle=payload.handle, domain=payload.domain
        )
        return entry.answer(answer)


@router.post(
    "/{ref}/release-name", response=answers(ReleasedOut, unknown=False), auth=ADOPT
)
def release_name(
    request: CallerRequest, ref: RefInPath, payload: ReleaseNameIn
) -> HttpResponse:
    """Give out a held, quarantined or reserved name before its time (staff)."""
    with entering(request, payload, ref) as entry:
        done = releasing.release_for_service(
            entry.context,
            entry.deadline,
            handle=payload.handle,
            domain=payload.domain,
            reason=payload.reason,
        )
        detail = sentence_of(done.code, request, done.params)
        return entry.body({"state": "released", "code": done.code, "detail": detail})


@router.post("/{ref}/repoint", response=answers(StateOut), auth=ADOPT)
def repoint(request: CallerRequest, ref: RefInPath, payload: ContextIn) -> HttpResponse:
    """Record that the mailbox was moved to the context's server (staff)."""
    with entering(request, payload, ref) as entry:
        return entry.answer(moving.repoint(entry.context, entry.deadline))
