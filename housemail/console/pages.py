"""Links from one thing of the console to another's page."""

from __future__ import annotations

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from housemail.console import shown


def to_page(obj: Model, words: object = "") -> SafeString | str:
    """Return the way to a thing's page; its name alone where it has none."""
    opts = obj._meta  # noqa: SLF001 - Django's own name for it
    name = f"console:{opts.app_label}_{opts.model_name}_change"
    try:
        return shown.link(reverse(name, args=[obj.pk]), words or obj)
    except NoReverseMatch:
        return str(words or obj)
