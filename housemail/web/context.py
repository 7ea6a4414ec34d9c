"""What every page's template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from housemail.web.preferences import theme_of


def site(request: HttpRequest) -> dict[str, str]:
    """Return the name of the house and the chosen theme."""
    return {"site_name": settings.HOUSEMAIL_SITE_NAME, "theme": theme_of(request)}
