"""From a parsed request to a verb, and from its answer to ours. No rule is here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from housemail.api.caller import CallerRequest
from housemail.api.problems import DoorError
from housemail.api.schemas import ContextIn
from housemail.api.wording import undecided, worded
from housemail.mailboxes.context import (
    Actor,
    Answer,
    Context,
    Owner,
    ServerDetails,
    ServiceRecord,
)
from housemail.mailboxes.observed import Collecting
from housemail.platforms.base import Deadline
from housemail.web import request_id
from housemail.web.deadlines import MARGIN_SECONDS

DEADLINE_HEADER = "X-Deadline-Ms"
# The service answers 2 s before the caller gives up (protocol 7, MARGIN_SECONDS), and
# never tries with less than what one look takes.
_LEAST_SECONDS = 0.3
_DEADLINE = re.compile(r"0*[1-9][0-9]{0,5}", re.ASCII)
_DEADLINE_MOST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request on its way to a verb."""

    request: CallerRequest
    context: Context
    deadline: Deadline

    def answer(self, answer: Answer, **more: object) -> HttpResponse:
        """Return a verb's answer: the state, or that it is being checked."""
        body: dict[str, object] = {"state": answer.state}
        if answer.status == 202:
            body |= undecided(self.request, answer.code, answer.params)
        return self.body({**body, **answer.data, **more}, answer.status)

    def body(self, body: Mapping[str, object], status: int = 200) -> HttpResponse:
        """Return an answer with the platform calls that were made for it."""
        calls = self.request.auth.shown_calls()
        words = worded(self.request, body)
        return answered({**words, "calls": calls} if calls else words, status)


def answered(body: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return an answer, which nobody may keep.

    It is not validated on the way out: a member too few must not turn a change that
    was made into "something went wrong". The tests hold it against the document.
    """
    return JsonResponse(
        dict(body), status=status, headers={"Cache-Control": "no-store"}
    )


@contextmanager
def entering(
    request: CallerRequest, payload: ContextIn, ref: str = ""
) -> Iterator[Entry]:
    """Give the verb its context and deadline; collect what it asks the platform."""
    request.auth.actor_kind = payload.actor.kind
    context = context_of(request, payload, ref)
    deadline = deadline_of(request)
    with Collecting() as calls:
        request.auth.calls = calls
        yield Entry(request, context, deadline)


def context_of(request: CallerRequest, payload: ContextIn, ref: str) -> Context:
    """Return the context of a call, raw as the billing system sent it."""
    server, owner = payload.server, payload.owner
    service, actor = payload.service, payload.actor
    return Context(
        installation=request.auth.installation,
        ref=ref,
        server=ServerDetails(
            platform=server.platform,
            endpoint=server.endpoint,
            username=server.username,
            password=server.password.get_secret_value(),
        ),
        plan=payload.plan,
        options=payload.options,
        owner=Owner(owner.id, owner.name, owner.email, owner.language),
        service=ServiceRecord(service.username, service.domain, service.status),
        actor=Actor(actor.kind, actor.id, actor.visitor),
        request_id=request_id.current(),
    )


def deadline_of(request: CallerRequest) -> Deadline:
    """Return by when to answer. Errors: DoorError for a header that is no number."""
    given = request.headers.get(DEADLINE_HEADER, "").strip()
    milliseconds = settings.HOUSEMAIL_DEADLINE_MS
    if given:
        if not _DEADLINE.fullmatch(given) or int(given) > _DEADLINE_MOST_MS:
            raise DoorError("deadline_invalid", field=DEADLINE_HEADER)
        milliseconds = int(given)
    return Deadline.after(max(_LEAST_SECONDS, milliseconds / 1000 - MARGIN_SECONDS))
