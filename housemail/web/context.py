"""What every page's template knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from housemail.web.preferences import THEME_COOKIE, theme_of


def site(request: HttpRequest) -> dict[str, str]:
    """Return the house's name and contact, the chosen theme and where it is kept."""
    contact = settings.HOUSEMAIL_CONTACT
    return {
        "contact": contact,
        "contact_text": contact.removeprefix("mailto:").removeprefix("https://"),
        "site_name": settings.HOUSEMAIL_SITE_NAME,
        "theme": theme_of(request),
        "theme_cookie": THEME_COOKIE,
    }
