"""An operation as a line of a timeline, and its own steps as one."""

from __future__ import annotations

import re
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

# Who of our own people an actor of the shop is, or staff at the desk of another's.
_PERSON = re.compile(r"(?:staff|client):(\d{1,18})|staff:console-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, when, by whom, how it ended and why."""

    title: str
    at: str
    note: str = ""
    state: SafeString | None = None
    url: str = ""
    sentence: str = ""


def names_of(actors: Iterable[str], *, shop: bool) -> dict[str, str]:
    """Return what our own people among these actors are called; one query at most.

    "staff:7" of another billing system is somebody of theirs, whom we do not know.
    """
    people = {actor: pk for actor in actors if (pk := _person(actor, shop=shop))}
    if not people:
        return {}
    rows = User.objects.filter(pk__in=people.values())
    emails = dict(rows.values_list("pk", "email"))
    return {actor: emails[pk] for actor, pk in people.items() if pk in emails}


def _person(actor: str, *, shop: bool) -> int:
    match = _PERSON.fullmatch(actor)
    if match is None:
        return 0
    of_shop, at_desk = match.groups()
    return int(at_desk or (of_shop if shop else 0))


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
    shop = mailbox.installation.kind == Installation.Kind.SHOP
    names = names_of((row.actor for row in operations), shop=shop)
    return [
        Line(
            title=shown.verb(row.verb),
            at=shown.moment(row.created_at),
            note=names.get(row.actor, row.actor),
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
