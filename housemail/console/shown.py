"""How the console shows states, times, links and what a platform call held."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.console.marks import mark, page_of
from housemail.mailboxes.models import Claim, Mailbox, Operation, Part

# Where there is nothing to show.
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Look:
    """A word, an icon and a colour: never colour alone."""

    word: str | Promise
    icon: str
    kind: str


MAILBOX: Mapping[str, Look] = {
    "": Look(gettext_lazy("Not set up"), "schedule", "wait"),
    Mailbox.State.CREATING: Look(gettext_lazy("Being set up"), "schedule", "wait"),
    Mailbox.State.ACTIVE: Look(gettext_lazy("Active"), "check", "good"),
    Mailbox.State.SUSPENDING: Look(
        gettext_lazy("Being suspended"), "schedule", "warning"
    ),
    Mailbox.State.SUSPENDED: Look(gettext_lazy("Suspended"), "pause", "wait"),
    Mailbox.State.UNSUSPENDING: Look(
        gettext_lazy("Being unsuspended"), "schedule", "wait"
    ),
    Mailbox.State.TERMINATING: Look(gettext_lazy("Being ended"), "schedule", "wait"),
    Mailbox.State.TERMINATED: Look(gettext_lazy("Ended"), "stop", "plain"),
    Mailbox.State.FAILED: Look(gettext_lazy("Failed"), "error", "bad"),
}
OPERATION: Mapping[str, Look] = {
    Operation.State.OPEN: Look(gettext_lazy("Open"), "schedule", "wait"),
    Operation.State.DONE: Look(gettext_lazy("Done"), "check", "good"),
    Operation.State.REFUSED: Look(gettext_lazy("Refused"), "block", "bad"),
    Operation.State.UNAVAILABLE: Look(
        gettext_lazy("Not carried out"), "cloud_off", "warning"
    ),
    Operation.State.UNDETERMINED: Look(
        gettext_lazy("Not known"), "question_mark", "bad"
    ),
}
CALL: Mapping[str, Look] = {
    "done": Look(gettext_lazy("Done"), "check", "good"),
    "refused": Look(gettext_lazy("Refused"), "block", "bad"),
    "unavailable": Look(gettext_lazy("No usable answer"), "cloud_off", "wait"),
    "busy": Look(gettext_lazy("Put off by the platform"), "hourglass_top", "wait"),
    "unknown": Look(gettext_lazy("Answer lost"), "question_mark", "bad"),
}
CLAIM: Mapping[str, Look] = {
    Claim.Kind.HOLD: Look(gettext_lazy("Held for an order"), "schedule", "wait"),
    Claim.Kind.MAILBOX: Look(gettext_lazy("Mailbox"), "mail", "good"),
    Claim.Kind.ALIAS: Look(gettext_lazy("Alias"), "alternate_email", "good"),
    Claim.Kind.LIST: Look(gettext_lazy("Distribution list"), "groups", "good"),
    Claim.Kind.QUARANTINE: Look(gettext_lazy("Quarantine"), "lock_clock", "wait"),
}
PART: Mapping[str, Look] = {
    Part.State.ADDING: Look(gettext_lazy("Being added"), "schedule", "wait"),
    Part.State.ACTIVE: Look(gettext_lazy("Active"), "check", "good"),
    Part.State.REMOVING: Look(gettext_lazy("Being removed"), "schedule", "wait"),
}
VERBS: Mapping[str, str | Promise] = {
    "create": gettext_lazy("Create"),
    "finish": gettext_lazy("Finish set-up"),
    "suspend": gettext_lazy("Suspend"),
    "unsuspend": gettext_lazy("Unsuspend"),
    "terminate": gettext_lazy("Terminate"),
    "password": gettext_lazy("Change password"),
    "plan": gettext_lazy("Change package"),
    "adopt": gettext_lazy("Adopt"),
    "repoint": gettext_lazy("Re-point"),
    "alias_add": gettext_lazy("Add alias"),
    "alias_remove": gettext_lazy("Remove alias"),
    "list_add": gettext_lazy("Add list"),
    "list_remove": gettext_lazy("Remove list"),
    "member_add": gettext_lazy("Add list member"),
    "member_remove": gettext_lazy("Remove list member"),
}


# What a platform call was made for, beside the verbs: reading, and ways in.
READS: Mapping[str, str | Promise] = {
    "check": gettext_lazy("Check now"),
    "login": gettext_lazy("Test connection"),
    "look": gettext_lazy("Look"),
    "overview": gettext_lazy("Overview"),
    "webmail": gettext_lazy("Open webmail"),
}


def badge(looks: Mapping[str, Look], state: str) -> SafeString:
    """Return a state as a word with its icon; an unknown one as it is."""
    look = looks.get(state) or Look(state, "help", "plain")
    return label(look)


def label(look: Look) -> SafeString:
    """Return a word with its icon."""
    return mark(look.word, look.kind, look.icon)


def verb(name: str) -> str:
    """Return what a verb is called."""
    return str(VERBS.get(name, name))


def called_for(name: str) -> str:
    """Return what a platform call was made for; settling names the verb it settles."""
    if name in READS:
        return str(READS[name])
    begun, space, rest = name.partition(" ")
    if begun == "settle" and space:
        return _("Settle: %(verb)s") % {"verb": verb(rest)}
    return verb(name)


def moment(at: datetime | None) -> str:
    """Return a time in the viewer's format, marked with its zone."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def time_of(field: str, words: Any) -> Callable[[Any, Any], str]:
    """Return a column of an admin: a time of the row, as all times are shown."""

    def cell(_admin: Any, row: Any) -> str:
        return moment(getattr(row, field))

    return admin.display(cell, description=words, ordering=field)


def link(url: str, words: object) -> SafeString:
    """Return a link."""
    return format_html('<a class="hc-link" href="{}">{}</a>', url, words)


def to_page(obj: models.Model, words: object = "") -> SafeString | str:
    """Return the way to a thing's page; its name alone where it has none."""
    opts = obj._meta
    url = page_of(f"{opts.app_label}_{opts.model_name}", obj.pk)
    return link(url, words or obj) if url else str(words or obj)


def lines(rows: Iterable[object]) -> SafeString:
    """Return several things, one a line."""
    items = format_html_join("", "<li>{}</li>", ((row,) for row in rows))
    return format_html('<ul class="hc-lines">{}</ul>', items)


def joined(words: Iterable[object]) -> SafeString:
    """Return several things in one line."""
    return format_html_join(" · ", "{}", ((word,) for word in words))


def structure(content: object) -> SafeString:
    """Return what a platform call held, as indented text."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    return format_html('<pre class="hc-text" tabindex="0">{}</pre>', text)


def size(count_bytes: int) -> str:
    """Return an amount of storage; decimal, as the platform counts."""
    used_gb = number_format(count_bytes / 1_000_000_000, 2)
    return _("%(size)s GB used") % {"size": used_gb}


def gigabytes(quota_gb: Decimal) -> str:
    """Return a quota without zeros at its end."""
    return _("%(size)s GB") % {"size": number_format(f"{quota_gb.normalize():f}")}


def used(used_count: int, most: int) -> str:
    """Return how many of a limit are used; 0 is no limit."""
    if most == 0:
        return _("%(used)s, no limit") % {"used": used_count}
    return _("%(used)s of %(most)s") % {"used": used_count, "most": most}
