"""Sentences in the caller's language, with their parameters filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from housemail.api.caller import caller_of
from housemail.mailboxes.sentences import SENTENCES, code_for_client, sentence_for
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


def undecided(
    request: HttpRequest, code: str, params: Mapping[str, str]
) -> dict[str, object]:
    """Return code and sentence of an outcome that is not known yet."""
    told = code_for_client(code, settled=False) if _for_client(request) else code
    shown = params if told == code else None
    return {"code": told, "detail": sentence_of(told, request, shown)}


def _for_client(request: HttpRequest) -> bool:
    caller = caller_of(request)
    return caller is not None and caller.is_client


def worded(request: HttpRequest, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return an overview whose reasons and results are whole sentences."""
    is_client = _for_client(request)
    with translation.override(language_of(request)):
        words = dict(view)
        if "may" in words:
            words["may"] = {
                action: _worded(item, is_client=is_client)
                for action, item in words["may"].items()
            }
        if "results" in words:
            words["results"] = [
                _worded(item, is_client=is_client) for item in words["results"]
            ]
        return words


def _worded(item: Mapping[str, Any], *, is_client: bool) -> dict[str, Any]:
    code = item.get("code")
    if not code or code not in SENTENCES:
        return dict(item)
    told = code_for_client(code) if is_client else code
    params = item.get("params") or {} if told == code else {}
    sentence = say(sentence_for(told, client=is_client), params)
    now = {"code": told, "params": params, "sentence": sentence, "detail": sentence}
    return {key: now.get(key, value) for key, value in item.items()}
