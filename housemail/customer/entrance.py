"""Who may come in: the owner, to his own mailbox. To others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from housemail.customer import typed
from housemail.mailboxes.context import Actor, ActorKind, Context
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import contexts, service_list
from housemail.sales.errors import SaleNotFound
from housemail.sales.models import Service
from housemail.sales.service_list import Row, Shown
from housemail.web import deadlines, request_id

# Where there is something to see; changes are refused by the verbs.
OPEN = {Shown.ACTIVE, Shown.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Visit:
    """The owner at one of his mailboxes."""

    request: HttpRequest
    row: Row

    @property
    def service(self) -> Service:
        """What was sold."""
        return self.row.service

    @property
    def actor(self) -> Actor:
        """The owner, for the journal."""
        return Actor(ActorKind.CLIENT, str(self.request.user.pk))

    def context(self) -> Context:
        """What goes with a call of a verb."""
        return contexts.for_service(self.service, self.actor, request_id.current())

    def deadline(self) -> Deadline:
        """By when a verb has to answer."""
        return Deadline.after(deadlines.page_seconds())

    def path(self, page: str) -> str:
        """Return the path of one of the mailbox's pages."""
        return reverse(f"customer:{page}", kwargs={"ref": self.service.pk})

    def typed(self, page: str) -> dict[str, str]:
        """Return what was typed there before a sign-in that was asked for."""
        return typed.waiting(self.request, self.path(page))

    def to(self, page: str, query: str = "") -> HttpResponse:
        """Lead to one of the mailbox's pages."""
        return redirect(self.path(page) + query)


Page = Callable[[Visit], HttpResponse]
View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Return who is signed in, where that was asked for before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def signed_in(view: View) -> View:
    """Ask for a sign-in first; who was signed out in the middle reads why."""
    protected = login_required(view)

    @wraps(view)
    def entered(request: HttpRequest, **parts: int) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            typed.keep(request)
            messages.warning(
                request,
                _("You were signed out. Sign in, then send it again: nothing changed."),
            )
        return protected(request, **parts)

    return require_http_methods(["GET", "HEAD", "POST"])(entered)


def own_mailbox(page: Page) -> View:
    """Let the owner of the mailbox in; to others it does not exist."""

    @wraps(page)
    def view(request: HttpRequest, ref: int) -> HttpResponse:
        try:
            row = service_list.get_row(person(request), str(ref))
        except SaleNotFound as exc:
            raise Http404 from exc
        answer = page(Visit(request, row))
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            typed.forget(request)
        return answer

    return signed_in(view)


def change_of(tab: str) -> Callable[[Page], View]:
    """Mark what is only done by a form of this tab; a link to it leads to the tab.

    After a sign-in in the middle of it, for instance. So does a form that was open
    when the mailbox ended.
    """

    def mark(page: Page) -> View:
        @wraps(page)
        def checked(visit: Visit) -> HttpResponse:
            if visit.request.method != "POST" or visit.row.state not in OPEN:
                return visit.to(tab)
            return page(visit)

        return own_mailbox(checked)

    return mark
