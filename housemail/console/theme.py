"""The console's colours: the one accent and the greys of the other pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static

_GREYS = {
    "50": "#f8f9f8",
    "100": "#eef1f0",
    "200": "#dfe4e2",
    "300": "#c6cecb",
    "400": "#a9b4b1",
    "500": "#56615e",
    "600": "#46514e",
    "700": "#3a4341",
    "800": "#272d2b",
    "900": "#181c1b",
    "950": "#0e1110",
}
# 600 and 700 carry white words, 500 is read on dark ground.
_ACCENT = {
    "50": "#f0faf8",
    "100": "#d5f1ec",
    "200": "#ace2da",
    "300": "#8fe3da",
    "400": "#5fd0c5",
    "500": "#3fb5a8",
    "600": "#0f766e",
    "700": "#0b5f58",
    "800": "#0a4b46",
    "900": "#083c38",
    "950": "#042422",
}


def colours(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Return the palette in the words of Unfold."""
    return {
        "base": dict(_GREYS),
        "primary": dict(_ACCENT),
        "font": {
            "subtle-light": "var(--color-base-500)",
            "subtle-dark": "var(--color-base-400)",
            "default-light": "var(--color-base-600)",
            "default-dark": "var(--color-base-300)",
            "important-light": "var(--color-base-900)",
            "important-dark": "var(--color-base-100)",
        },
    }


def style(request: HttpRequest) -> str:
    """Return the address of our own style sheet."""
    return static("console/console.css")


def desk_style(request: HttpRequest) -> str:
    """Return the address of the style sheet of what runs."""
    return static("console/desk.css")


def icon(request: HttpRequest) -> str:
    """Return the address of the house's icon."""
    return static("housemail/icon.svg")
