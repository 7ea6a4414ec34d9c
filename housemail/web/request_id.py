"""One id per request: taken or made, bound to every log line, returned."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from housemail.web.paths import loggable

HEADER = "X-Request-ID"
_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")

logger = structlog.get_logger("housemail.request")


def current() -> str:
    """Return the id of the request being answered, or ""."""
    return _current.get()


class RequestIdMiddleware:
    """Takes ``X-Request-ID`` when it is well formed, else makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one in the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the id, and log one line without query, header or body."""
        given = request.headers.get(HEADER, "")
        request_id = given if _GOOD.fullmatch(given) else uuid.uuid4().hex
        token = _current.set(request_id)
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                response = self._get_response(request)
                response.headers[HEADER] = request_id
                logger.info(
                    "request",
                    method=request.method,
                    path=loggable(request),
                    status=response.status_code,
                    duration_ms=round((time.monotonic() - started) * 1000),
                )
            finally:
                _current.reset(token)
        return response
