"""Forms in the footer of every page."""

from __future__ import annotations

from django.urls import path

from housemail.web import preferences

app_name = "web"
urlpatterns = [
    path("language/", preferences.choose_language, name="language"),
    path("theme/", preferences.choose_theme, name="theme"),
]
