"""An operation as a line of a timeline, and its own steps as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from housemail.console import shown
from housemail.installations.models import Installation
from housemail.mailboxes.models import Mailbox, Operation
from housemail.mailboxes.sentences import SENTENCES
from housemail.people.models import User

_STAFF = "staff:"
_FOREIGN = "console-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, when, by whom, how it ended and why."""

    title: str
    at: str
    note: str = ""
    state: SafeString | None = None
    url: str = ""
    sentence: str = ""


def names_of(actors: Iterable[str]) -> dict[int, str]:
    """Return the addresses of our own staff among these actors; one query at most."""
    ids = {pk for pk in map(_person, actors) if pk is not None}
    if not ids:
        return {}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "email"))


def _person(actor: str) -> int | None:
    number = actor.removeprefix(_STAFF).removeprefix(_FOREIGN)
    return int(number) if actor.startswith(_STAFF) and number.isdigit() else None


def actor_shown(actor: str, names: dict[int, str], *, shop: bool) -> str:
    """Return who acted; "staff:7" of another billing system is somebody of theirs."""
    pk = _person(actor)
    ours = shop or actor.startswith(_STAFF + _FOREIGN)
    if pk is not None and ours:
        return names.get(pk, actor)
    return actor or shown.NOTHING


def sentence_of(operation: Operation) -> str:
    """Return why it ended as it did; a code without parameters says its sentence."""
    if operation.detail:
        return operation.detail
    sentence = SENTENCES.get(operation.code, "")
    return operation.code if "{" in sentence else _(sentence) if sentence else ""


def operations_of(mailbox: Mailbox, most: int) -> list[Line]:
    """Return the last operations of a mailbox, the newest first; two queries."""
    rows: QuerySet[Operation] = mailbox.operations.order_by("-pk")
    operations = list(rows[:most])
    names = names_of(row.actor for row in operations)
    shop = mailbox.installation.kind == Installation.Kind.SHOP
    return [
        Line(
            title=shown.verb(row.verb),
            at=shown.moment(row.created_at),
            note=actor_shown(row.actor, names, shop=shop),
            state=shown.badge(shown.OPERATION, row.state),
            url=reverse("console:mailboxes_operation_change", args=[row.pk]),
            sentence=sentence_of(row),
        )
        for row in operations
    ]


def steps_of(operation: Operation) -> list[Line]:
    """Return what happened to one operation, in order; no query."""
    moments: list[tuple[datetime | None, str, str]] = [
        (operation.created_at, _("Wanted"), operation.request_id),
        (operation.sent_at, _("Sent"), _("tries: %(n)s") % {"n": operation.sends}),
        (operation.closed_at, _("Closed"), sentence_of(operation)),
    ]
    found = [Line(word, shown.moment(at), note) for at, word, note in moments if at]
    looked = [Line(_("Looked"), "", str(line)) for line in operation.evidence]
    return [*found[:2], *looked, *found[2:]] if operation.sent_at else [*found, *looked]
