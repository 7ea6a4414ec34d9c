"""Sentences in the language of whoever reads, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from housemail.mailboxes.marking import WORDS, Counted, complete


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


def _words(params: Mapping[str, str]) -> dict[str, str]:
    """Return parameters with those translated that are words of ours."""
    return {
        # The catalogue keeps its own head under the empty sentence.
        name: gettext(value) if name in WORDS and value else value
        for name, value in params.items()
    }
