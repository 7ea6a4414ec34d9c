"""What staff did: every press of a button once, and in the history however it ended.

The history is Django's own (``LogEntry``), so that forms and buttons are in one list.
The line is written before anything happens; a process that dies leaves it "begun".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from housemail.people.models import StaffAct

if TYPE_CHECKING:
    from housemail.people.models import User

KEPT = timedelta(days=30)
_LONGEST = 400


class Kind(StrEnum):
    """How it ended; the words are those of Django's messages."""

    SUCCESS = "success"
    WARNING = "warning"  # not known yet how it ended
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Ending:
    """How something ended, in a sentence without secrets.

    ``subject`` is what came of it, when it began without a thing of its own.
    """

    kind: Kind
    sentence: str
    subject: models.Model | None = None


def note(
    person: User, subject: models.Model | type[models.Model], words: str
) -> LogEntry:
    """Write a line of the history of a thing, or of its whole list."""
    return LogEntry.objects.create(
        user_id=person.pk,
        **_thing(subject),
        action_flag=CHANGE,
        change_message=words[:_LONGEST],
    )


def _thing(subject: models.Model | type[models.Model]) -> dict[str, Any]:
    """Return the columns of a line that say what it is about."""
    single = isinstance(subject, models.Model)
    return {
        "content_type": ContentType.objects.get_for_model(subject),
        "object_id": str(subject.pk) if single else "",
        "object_repr": str(subject)[:200] if single else "",
    }


def told(title: str, sentence: str, reason: str = "") -> str:
    """Return a line of the history: what was done, how it ended, and why."""
    words = f"{title}: {sentence}"[:_LONGEST]
    if not reason.strip():
        return words
    why = _("Reason: %(reason)s") % {"reason": reason.strip()[:_LONGEST]}
    return f"{words} {why}"


def begin(
    person: User, key: str, subject: models.Model | type[models.Model], title: str
) -> StaffAct | None:
    """Note that a form's deed begins; None when this form was sent before."""
    try:
        with transaction.atomic():
            act = StaffAct.objects.create(
                key=key, person=person, title=title[:120], begun_at=timezone.now()
            )
    except IntegrityError:
        return None
    act.entry = note(person, subject, _("%(deed)s: begun") % {"deed": title})
    act.save(update_fields=["entry"])
    return act


def end(act: StaffAct, ending: Ending, reason: str = "") -> None:
    """Note how it ended, what came of it, and why it was done."""
    StaffAct.objects.filter(pk=act.pk).update(
        ended_at=timezone.now(),
        kind=ending.kind.value,
        sentence=ending.sentence[:_LONGEST],
    )
    words = told(act.title, ending.sentence, reason)
    thing = _thing(ending.subject) if ending.subject is not None else {}
    LogEntry.objects.filter(pk=act.entry_id or 0).update(change_message=words, **thing)


def earlier(person: User, key: str) -> StaffAct | None:
    """Return what this person's form did when it was sent the first time."""
    return StaffAct.objects.filter(key=key, person=person).first()


def prune() -> int:
    """Forget which forms were sent long ago; the history stays."""
    old = StaffAct.objects.filter(begun_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
