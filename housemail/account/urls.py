"""Pages under /account/: our own one, and allauth's."""

from __future__ import annotations

from allauth.account import urls as account
from allauth.mfa import urls as second_factor
from django.urls import include, path

from housemail.account import views

urlpatterns = [
    path("", views.profile, name="account_profile"),
    path("second-factor/", include(second_factor)),
    path("", include(account)),
]
