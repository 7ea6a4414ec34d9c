"""Filters of the elements: how a field, a state or a step is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from housemail.web import kept_notice

register = template.Library()
# As much of an address as a telephone shows in one line, in the largest letters.
_ONE_LINE = 20


@dataclass(frozen=True)
class Look:
    """A word and an icon: never colour alone."""

    word: Promise
    icon: str
    colour: str


STATES: Mapping[str, Look] = {
    "active": Look(_("Active"), "check", "green"),
    "unpaid": Look(_("Waiting for payment"), "clock", "orange"),
    "unaccepted": Look(_("Waiting for us"), "clock", "blue"),
    "setting_up": Look(_("Being set up"), "clock", "blue"),
    "suspended": Look(_("Suspended"), "pause", "orange"),
    "ended": Look(_("Ended"), "ended", "secondary"),
    "attention": Look(_("Needs attention"), "alert", "red"),
}
STEPS: Mapping[str, Look] = {
    "done": Look(_("Done"), "check", "green"),
    "current": Look(_("Now"), "clock", "blue"),
    "failed": Look(_("Failed"), "alert", "red"),
    "waiting": Look(_("Not yet"), "circle", "secondary"),
    "ended": Look(_("Ended"), "ended", "secondary"),
}
NOTICES: Mapping[str, Look] = {
    "success": Look(_("Done"), "check", "success"),
    "info": Look(_("Note"), "info", "info"),
    "debug": Look(_("Note"), "info", "info"),
    "warning": Look(_("Please note"), "alert", "warning"),
    "error": Look(_("That did not work"), "alert", "danger"),
    "danger": Look(_("That did not work"), "alert", "danger"),
}


@register.simple_tag
def own_languages() -> list[tuple[str, str]]:
    """Return code and name of each language, each in its own words.

    Django's own tag translates the names: who reads no German looks for "English",
    not for "Englisch".
    """
    return list(settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def notice_kept(context: Context) -> str:
    """Return what is still true for who signs up or in, "" when nothing is."""
    return kept_notice.kept(context["request"])


@register.filter
def state_look(state: str) -> Look:
    """Return how a state of ui.md is shown; an unknown one is an error."""
    return STATES[state]


@register.filter
def step_look(state: str) -> Look:
    """Return how a step of a way is shown."""
    return STEPS[state]


@register.filter
def notice_look(kind: str) -> Look:
    """Return how a notice is shown, by Django's level tag or our word."""
    return NOTICES[kind]


@register.filter
def breakable(address: str) -> SafeString:
    """Return an address that may break before its "@"; long parts before dots too."""
    sides = re.split(r"(?=@)", address)
    parts = [
        part
        for side in sides
        for part in (re.split(r"(?=\.)", side) if len(side) > _ONE_LINE else [side])
    ]
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def kind_of(field: BoundField) -> str:
    """Return ``checkbox``, ``choices`` (several boxes) or ``line``."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "line"


@register.filter
def widget(field: BoundField) -> SafeString:
    """Return the field's input with the classes of our style sheet.

    Placeholders of other packages go: they repeat the label, and vanish when needed.
    """
    shown = field.field.widget
    shown.attrs.pop("placeholder", None)
    if isinstance(shown, forms.CheckboxInput):
        name = "form-check-input"
    elif isinstance(shown, forms.Select):
        name = "form-select"
    else:
        name = "form-control"
    own = shown.attrs.get("class", "")
    invalid = "is-invalid" if field.errors else ""
    classes = " ".join(word for word in (name, own, invalid) if word)
    return field.as_widget(attrs={"class": classes})
