"""The billing API as one thing: its calls, its problems, its document."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from housemail import __version__
from housemail.api import catalogue, openapi, parts, problems, services
from housemail.api.problems import DoorError
from housemail.mailboxes.errors import Refusal

View = Callable[..., HttpResponseBase]


def _no_constant(name: str) -> object:
    raise ValueError(name)


class JsonParser(Parser):
    """Reads JSON as its standard has it: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body, or raise, which ninja turns into 400."""
        return json.loads(request.body, parse_constant=_no_constant)


def _in_problems(view: View) -> View:
    """Say 405 as a problem too, and let nobody keep an answer."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = problems.not_allowed(request, response.headers["Allow"])
        if request.method == "POST":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return wrapped


class Door(NinjaAPI):
    """Ninja, with every answer in our form."""

    def __init__(self, **options: Any) -> None:
        """Take ninja's own options."""
        super().__init__(**options)
        self._documents: dict[str, OpenAPISchema] = {}

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """Return the URL table, each view speaking problems."""
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _in_problems(pattern.callback)
        return patterns, app, namespace

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,
        path_params: dict[str, Any] | None = None,
    ) -> OpenAPISchema:
        """Return the document, completed; made once, because making it is work."""
        key = path_prefix or ""
        if key not in self._documents:
            document = super().get_openapi_schema(
                path_prefix=path_prefix, path_params=path_params
            )
            openapi.complete(document)
            self._documents[key] = document
        return self._documents[key]


api = Door(
    title="Housemail billing API",
    version=__version__,
    description=(
        "Sells single mailboxes on house domains. Send `Authorization: Bearer KEY` "
        "with each call; `housemail keys create NAME` makes a key. Errors are problem "
        "documents (RFC 9457) with a stable `code`. The guide with an example of each "
        "call and every code is the file `docs/api.md` that comes with Housemail."
    ),
    urls_namespace="api-v1",
    parser=JsonParser(),
    openapi_url="/openapi.json",
    docs_url="/docs",
)
api.add_router("", catalogue.router)
api.add_router("/services", services.router)
api.add_router("/services", parts.router)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, exc: Refusal) -> HttpResponse:
    return problems.of_refusal(request, exc)


@api.exception_handler(DoorError)
def _at_the_door(request: HttpRequest, exc: DoorError) -> HttpResponse:
    return problems.of_door(request, exc)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    return problems.of_validation(request, exc.errors)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, exc: HttpError) -> HttpResponse:
    # Ninja raises it for one reason here: the body is not JSON.
    del exc
    return problems.of_door(request, DoorError("body_unreadable"))


@api.exception_handler(UnreadablePostError)
def _broken_off(request: HttpRequest, exc: UnreadablePostError) -> HttpResponse:
    del exc
    return problems.of_door(request, DoorError("body_unreadable"))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, exc: RequestDataTooBig) -> HttpResponse:
    del exc
    return problems.too_large(request)


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, exc: Exception) -> HttpResponse:
    return problems.unexpected(request, exc)
