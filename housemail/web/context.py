"""What every page's template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from housemail.web.preferences import THEME_COOKIE, theme_of


def site(request: HttpRequest) -> dict[str, str]:
    """Return the name of the house, and the chosen theme with where it is kept."""
    return {
        "site_name": settings.HOUSEMAIL_SITE_NAME,
        "theme": theme_of(request),
        "theme_cookie": THEME_COOKIE,
    }
