"""Sentences in the language of whoever reads, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.sentences import SENTENCES, code_for_client


def say(sentence: str, params: Mapping[str, str] | None = None) -> str:
    """Return a sentence in the current language with its parameters filled in."""
    translated = gettext(sentence)
    try:
        return translated.format(**(params or {}))
    except (KeyError, IndexError, ValueError):
        # A translation with a damaged placeholder must not hide the refusal.
        return sentence.format(**(params or {}))


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
    return say(SENTENCES[told], params if told == code else None)
