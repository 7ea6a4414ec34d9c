"""Refusals and outcomes as sentences for the person who looks at the page."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import ngettext

from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.sentences import SENTENCES, code_for_client
from housemail.mailboxes.wording import say


def told(refusal: Refusal) -> str:
    """Return the sentence of a refusal as a customer or stranger may read it."""
    shown = for_client(refusal)
    return say(shown.sentence, shown.params)


def undecided(answer: Answer) -> str:
    """Return the sentence of an outcome that is not known yet."""
    code = code_for_client(answer.code, settled=False)
    return say(SENTENCES[code], answer.params if code == answer.code else None)


def clock_time(at: datetime) -> str:
    """Return a time of day as the reader writes it, in UTC and saying so."""
    return f"{time_format(at, 'TIME_FORMAT')} UTC"


def minutes_left(until: datetime) -> str:
    """Return how long it is until then; the last minute counts as one."""
    seconds = (until - timezone.now()).total_seconds()
    minutes = max(1, round(seconds / 60))
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
