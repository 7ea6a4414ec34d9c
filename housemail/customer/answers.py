"""What came of it, in the reader's words: refusals, answers, and lines of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import Refusal, for_client
from housemail.mailboxes.wording import say, say_code


def refused(
    form: forms.Form, refusal: Refusal, moved: Mapping[str, str] | None = None
) -> None:
    """Put the sentence at the field that it is about, if the form has it.

    ``moved`` names another field where the one it is about is not shown.
    """
    told = for_client(refusal)
    field = (moved or {}).get(told.field, told.field)
    shown = field if field in form.fields else None
    form.add_error(shown, say(told.sentence, told.params))


def tell(request: HttpRequest, answer: Answer, done: str, *, already: str = "") -> None:
    """Say that it is done, that it was so ``already``, or that it is being checked."""
    if answer.status == 200 and already and answer.data.get("already"):
        messages.info(request, already)
    elif answer.status == 200:
        messages.success(request, done)
    else:
        undecided = say_code(answer.code, answer.params, settled=False)
        messages.warning(request, undecided)


def line(result: Mapping[str, Any]) -> dict[str, str]:
    """Return how one of several members is answered: its address, a kind, words."""
    words = {
        "added": ("success", _("added")),
        "removed": ("success", _("removed")),
        "already": ("info", _("was there already")),
        "not_on_list": ("info", _("is not on this list")),
        "being_checked": ("warning", say_code("being_checked", settled=False)),
    }
    status = str(result["status"])
    if status == "refused":
        found = ("error", say_code(str(result["code"]), result["params"]))
    else:
        found = words[status]
    return {"member": str(result["member"]), "kind": found[0], "words": found[1]}
