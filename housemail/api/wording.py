"""Sentences in the caller's language, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from housemail.mailboxes.errors import SENTENCES
from housemail.mailboxes.wording import say


def language_of(request: HttpRequest) -> str:
    """Return the language to answer in: the best of Accept-Language, else English."""
    return translation.get_language_from_request(request)


def sentence_of(
    code: str, request: HttpRequest, params: Mapping[str, str] | None = None
) -> str:
    """Return the sentence of a code, "" for a code that has none."""
    with translation.override(language_of(request)):
        return say(SENTENCES[code], params) if code in SENTENCES else ""


def worded(request: HttpRequest, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return an overview whose reasons and results are whole sentences."""
    with translation.override(language_of(request)):
        words = dict(view)
        if "may" in words:
            words["may"] = {
                action: _worded(item) for action, item in words["may"].items()
            }
        if "results" in words:
            words["results"] = [_worded(item) for item in words["results"]]
        return words


def _worded(item: Mapping[str, Any]) -> dict[str, Any]:
    code = item.get("code")
    if not code or code not in SENTENCES:
        return dict(item)
    sentence = say(SENTENCES[code], item.get("params"))
    return {
        key: sentence if key in {"sentence", "detail"} else value
        for key, value in item.items()
    }
