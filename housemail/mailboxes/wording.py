"""Sentences in the language of whoever reads, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext


def say(sentence: str, params: Mapping[str, str] | None = None) -> str:
    """Return a sentence in the current language with its parameters filled in."""
    translated = gettext(sentence)
    try:
        return translated.format(**(params or {}))
    except (KeyError, IndexError, ValueError):
        # A translation with a damaged placeholder must not hide the refusal.
        return sentence.format(**(params or {}))
