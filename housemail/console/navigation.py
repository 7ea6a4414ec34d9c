"""The sidebar and the account menu: built from the parts, so that none is forgotten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from housemail.console.base import RoomAdmin
from housemail.console.sections import Section
from housemail.console.site import site


def parts() -> list[RoomAdmin]:
    """Return the console's parts in their order."""
    found = [part for part in site.parts() if isinstance(part, RoomAdmin)]
    return sorted(found, key=lambda part: (part.position, str(part.opts.model_name)))


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the headings with what this person may see."""
    known = [part for part in parts() if part.has_module_permission(request)]
    groups = [
        {
            "title": section.label,
            "separator": False,
            "items": [_item(part) for part in known if part.section == section],
        }
        for section in Section
    ]
    first = {"title": _("Dashboard"), "icon": "home", "link": reverse("console:index")}
    return [
        {"title": "", "separator": False, "items": [first]},
        *(group for group in groups if group["items"]),
    ]


def _item(part: RoomAdmin) -> dict[str, Any]:
    name = f"console:{part.opts.app_label}_{part.opts.model_name}_changelist"
    title = str(part.title or part.opts.verbose_name_plural)
    return {
        "title": title[:1].upper() + title[1:],
        "icon": part.icon,
        "link": reverse(name),
    }


def account(request: HttpRequest) -> list[dict[str, str]]:
    """Return the links of one's own account; sign-out stands below them."""
    return [{"title": _("My account"), "link": reverse("account_profile")}]
