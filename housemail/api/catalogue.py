"""Calls that are about no one service: the server, free names, what has changed."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from housemail.api.answers import (
    AvailabilityOut,
    ConnectionOut,
    PendingOut,
    UsageOut,
)
from housemail.api.auth import READ
from housemail.api.caller import CallerRequest
from housemail.api.entry import answered, entering
from housemail.api.openapi import answers
from housemail.api.schemas import ContextIn, NameIn, UsageIn
from housemail.api.wording import sentence_of
from housemail.mailboxes import availability, connection, pending, usage

router = Router(tags=["installation"], auth=READ)


@router.post("/connection-test", response=answers(ConnectionOut, unknown=False))
def connection_test(request: CallerRequest, payload: ContextIn) -> HttpResponse:
    """Log in afresh and list the domains; names what is wrong with the server."""
    with entering(request, payload) as entry:
        context = entry.context
        found = connection.test(context.installation, context.server, entry.deadline)
        return entry.body(found)


@router.post("/availability", response=answers(AvailabilityOut, unknown=False))
def check_availability(request: CallerRequest, payload: NameIn) -> HttpResponse:
    """Say whether an address may be ordered; never asks the platform."""
    availability.count_check(request.auth.installation.pk, payload.actor.visitor)
    with entering(request, payload) as entry:
        found = availability.check(
            entry.context, handle=payload.handle, domain=payload.domain
        )
        no = found.refusal
        body = {
            "available": found.available,
            "address": found.address,
            "code": found.code,
            "detail": "" if no is None else sentence_of(no.code, request, no.params),
            "suggestions": found.suggestions,
        }
        return entry.body(body)


@router.post("/pending", response=answers(PendingOut, unknown=False))
def list_pending(request: CallerRequest) -> HttpResponse:
    """List services whose create was answered 202 or 503 and has changed since."""
    return answered({"pending": pending.pending(request.auth.installation)})


@router.post("/usage", response=answers(UsageOut, unknown=False))
def list_usage(request: CallerRequest, payload: UsageIn) -> HttpResponse:
    """Return recorded usage; never asks the platform."""
    found = usage.recorded(request.auth.installation, payload.refs)
    return answered({"usage": found})
