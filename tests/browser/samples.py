"""A page with every element on it, beside the pages of the house."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from housemail.web.new_password import NewPasswordForm
from housemail.web.templatetags.web import NOTICES, STATES, STEPS

ADDRESS = "anna-maria.von-und-zu-hohenstein@post.gemeinde.example"


def elements(request: HttpRequest) -> HttpResponse:
    """Show all of them, with an address that is long."""
    now = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
    steps = [
        {
            "title": state.title(),
            "state": state,
            "at": now,
            "note": "Why, and what next.",
        }
        for state in STEPS
    ]
    known = {
        "address": ADDRESS,
        "states": STATES,
        "notices": NOTICES,
        "steps": steps,
        "password": NewPasswordForm({"password": "one", "again": "two"}),
    }
    return render(request, "samples/elements.html", known)


urlpatterns = [path("elements/", elements), path("", include("housemail.urls"))]
