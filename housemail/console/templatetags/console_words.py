"""How the console's header names things and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst

register = template.Library()


@register.filter
def crumb(part: Mapping[str, Any]) -> str:
    """Return the name of one step of the way to this page.

    A thing is named as it is: addresses, hosts and keys begin as they are written. A
    list is called as in the sidebar.
    """
    # Only now: the console's parts are made of what loads this.
    from housemail.console.navigation import parts

    title = part["title"]
    if isinstance(title, Model):
        return str(title)
    link = str(part.get("link", ""))
    for each in parts():
        name = f"console:{each.opts.app_label}_{each.opts.model_name}_changelist"
        if each.title and link == reverse(name):
            return capfirst(str(each.title))
    return capfirst(str(title))
