"""Refusals as ``application/problem+json`` (RFC 9457), in the caller's language.

Nothing that was sent is ever repeated here but names of fields: the values may be
passwords.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import translation

from housemail.api.caller import caller_of
from housemail.api.sentences import DOOR, FIX_OTHERWISE, FIXES, OR
from housemail.api.wording import language_of
from housemail.mailboxes.errors import (
    PasswordUnsuitable,
    Refusal,
    Throttled,
    Unavailable,
    for_client,
)
from housemail.mailboxes.wording import say
from housemail.web import request_id

MEDIA_TYPE = "application/problem+json"
UNAVAILABLE_SECONDS = 60
_ERRORS_SHOWN = 20
# Names in an object are the caller's: only what looks like a name is repeated.
_FIELD_PART = re.compile(r"[\w .()/-]{1,60}", re.ASCII)

logger = logging.getLogger(__name__)


class DoorError(Exception):
    """A request that this door refuses before any verb is asked."""

    def __init__(self, code: str, *, field: str = "", **params: object) -> None:
        """Keep a code of ``DOOR``, the field it is about and its parameters."""
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = {key: str(value) for key, value in params.items()}


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JsonResponse:
    """Return one problem; empty members are left out."""
    body: dict[str, object] = {
        "type": f"urn:housemail:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id.current(),
    }
    caller = caller_of(request)
    if caller is not None:
        more["calls"] = caller.shown_calls()
    body.update({key: value for key, value in more.items() if value})
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = language_of(request)
    response.headers["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def of_refusal(request: HttpRequest, refusal: Refusal) -> JsonResponse:
    """Word what a verb refused; clients read nothing that is meant for staff."""
    caller = caller_of(request)
    is_client = caller is not None and caller.is_client
    if is_client:
        refusal = for_client(refusal)
    headers: dict[str, str] = {}
    if isinstance(refusal, Throttled):
        headers["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, Unavailable):
        headers["Retry-After"] = str(UNAVAILABLE_SECONDS)
    with translation.override(language_of(request)):
        detail = say(refusal.sentence, refusal.params)
        if isinstance(refusal, PasswordUnsuitable):
            return _unsuitable(request, refusal, detail, suggest=not is_client)
    return problem(
        request,
        refusal.status,
        refusal.code,
        detail,
        headers=headers,
        field=refusal.field,
    )


def _unsuitable(
    request: HttpRequest, refusal: PasswordUnsuitable, reason: str, *, suggest: bool
) -> JsonResponse:
    """Word a password that will not do; the suggestion is for billing systems."""
    both = say(DOOR["password_unsuitable"][1], {"reason": reason})
    return problem(
        request,
        refusal.status,
        "password_unsuitable",
        both if suggest else reason,
        field=refusal.field,
        reason=refusal.code,
        suggested_password=refusal.suggestion if suggest else "",
    )


def of_door(
    request: HttpRequest, exc: DoorError, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """Word what this door refuses by itself."""
    status, sentence = DOOR[exc.code]
    extra = dict(headers or {})
    if status == 401:
        extra["WWW-Authenticate"] = 'Bearer realm="housemail"'
    with translation.override(language_of(request)):
        detail = say(sentence, exc.params)
    return problem(request, status, exc.code, detail, headers=extra, field=exc.field)


def of_validation(
    request: HttpRequest, faults: Sequence[Mapping[str, Any]]
) -> JsonResponse:
    """Word input of the wrong kind: each field and its fix, never its value."""
    with translation.override(language_of(request)):
        errors = [
            {"field": _field(fault["loc"]), "fix": _fix(fault)}
            for fault in faults[:_ERRORS_SHOWN]
        ]
        first = errors[0]
        detail = say(DOOR["input_invalid"][1], first)
    return problem(
        request, 422, "input_invalid", detail, field=first["field"], errors=errors
    )


def _field(location: Sequence[object]) -> str:
    """Return the dotted name, without where ninja found it ("body", "payload")."""
    parts = [str(part) for part in location]
    parts = parts[2:] if parts[:2] == ["body", "payload"] else parts[1:]
    shown = [part if _FIELD_PART.fullmatch(part) else "…" for part in parts]
    return ".".join(shown) or "body"


def _fix(fault: Mapping[str, Any]) -> str:
    sentence = FIXES.get(str(fault["type"]), FIX_OTHERWISE)
    known = fault.get("ctx") or {}
    # pydantic joins the last two words in English: 'a', 'b' or 'c'.
    expected = str(known.get("expected", "")).replace("' or '", f"' {say(OR)} '")
    return say(
        sentence,
        {"max_length": str(known.get("max_length", "")), "expected": expected},
    )


# --- Django's own handlers, for what never reaches a call


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer 400 (a host name that is not ours, a broken header)."""
    del exception
    return of_door(request, DoorError("request_malformed"))


def forbidden(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer 403."""
    del exception
    return of_door(request, DoorError("forbidden"))


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer 404."""
    del exception
    return of_door(request, DoorError("path_unknown"))


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer 500 without details; Django has logged the exception."""
    return of_door(request, DoorError("internal_error"))


def not_allowed(request: HttpRequest, allowed: str) -> JsonResponse:
    """Answer 405 with what is allowed."""
    return of_door(
        request, DoorError("method_not_allowed", allowed=allowed), {"Allow": allowed}
    )


def too_large(request: HttpRequest) -> JsonResponse:
    """Answer 413."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return of_door(request, DoorError("body_too_large", limit=limit))


def unexpected(request: HttpRequest, exc: Exception) -> JsonResponse:
    """Log an exception that nobody translated, with the request id; answer 500."""
    logger.error("unhandled at %s", request.path[:200], exc_info=exc)
    return of_door(request, DoorError("internal_error"))
