"""Sentences in the language of whoever reads, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext, ngettext

from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.marking import DATES, WORDS, Counted, complete
from housemail.mailboxes.sentences import code_for_client, sentence_for
from housemail.platforms.base import AccountType


def say(sentence: str, params: Mapping[str, str] | None = None) -> str:
    """Return a sentence in the current language with its parameters filled in.

    The number of a ``Counted`` sentence decides its form, by the language's own rule.
    """
    given = params or {}
    if isinstance(sentence, Counted):
        count = sentence.count_of(given)
        translated = ngettext(sentence.one, str(sentence), count)
    else:
        translated = gettext(sentence)
    try:
        return translated.format(**_words(given))
    except (KeyError, IndexError, ValueError):
        # A translation with a damaged placeholder must not hide the refusal.
        return complete(sentence, given)


def say_to_client(refusal: Refusal) -> str:
    """Return the sentence of a refusal as a customer or stranger may read it."""
    told = for_client(refusal)
    return say(told.sentence, told.params)


def say_code(
    code: str, params: Mapping[str, str] | None = None, *, settled: bool = True
) -> str:
    """Return the sentence of a code, or of what customers read in its place.

    ``settled=False``: nobody knows yet how it ended.
    """
    told = code_for_client(code, settled=settled)
    return say(sentence_for(told, client=True), params if told == code else None)


def account_type(kind: AccountType | int) -> str:
    """Return the name of an account type."""
    return gettext("Enhanced") if kind == AccountType.ENHANCED else gettext("Basic")


def _words(params: Mapping[str, str]) -> dict[str, str]:
    """Return parameters as the reader writes them: words of ours, and dates."""
    return {name: _word(name, value) for name, value in params.items()}


def _word(name: str, value: str) -> str:
    if name in DATES:
        return _date(value)
    # The catalogue keeps its own head under the empty sentence.
    return gettext(value) if name in WORDS and value else value


def _date(text: str) -> str:
    """Return ``2026-01-31`` or ``2026-01-31 12:00 UTC`` in the reader's way."""
    for pattern, form in (
        ("%Y-%m-%d", "DATE_FORMAT"),
        ("%Y-%m-%d %H:%M UTC", "DATETIME_FORMAT"),
    ):
        try:
            # Without a zone, so that nothing is converted: the text says which it is.
            at = datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
        shown = formats.date_format(at, form)
        return f"{shown} UTC" if "UTC" in pattern else shown
    return text
