"""How a state is shown: a word and an icon, never colour alone; and links to lists."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from housemail.console.commands import Words

ICONS = {
    "good": "check_circle",
    "wait": "schedule",
    "bad": "error",
    "plain": "radio_button_unchecked",
}


def mark(words: Words, tone: str, icon: str = "") -> SafeString:
    """Return a state; ``tone`` is good, wait, bad or plain."""
    return format_html(
        '<span class="hc-state hc-{}"><span class="material-symbols-outlined" '
        'aria-hidden="true">{}</span>{}</span>',
        tone,
        icon or ICONS[tone],
        words,
    )


def list_of(part: str, **query: str) -> str:
    """Return the address of a part's list, filtered; empty when there is no such part.

    ``part`` is ``app_model``, such as ``sales_order``.
    """
    try:
        path = reverse(f"console:{part}_changelist")
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path


def page_of(part: str, pk: int) -> str:
    """Return the address of one thing's page; empty when there is no such part."""
    try:
        return reverse(f"console:{part}_change", args=[pk])
    except NoReverseMatch:
        return ""
