"""The console's door: staff only, and only with a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from housemail.people import second_factor


class ConsoleSite(UnfoldAdminSite):
    """Unfold's site with the house's sign-in instead of its own."""

    enable_nav_sidebar = True
    index_template = "console/dashboard.html"
    index_title = gettext_lazy("Dashboard")

    def parts(self) -> list[object]:
        """Return what was registered, one a kind of thing."""
        return list(self._registry.values())

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this is staff whose session has shown a second factor."""
        user = request.user
        staff = user.is_authenticated and user.is_staff
        return staff and second_factor.was_shown(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send each to where what is missing can be done."""
        del extra_context
        user = request.user
        wished = request.GET.get("next") or resolve_url("console:index")
        if not user.is_authenticated:
            return redirect_to_login(wished, resolve_url(settings.LOGIN_URL))
        if not user.is_staff:
            raise PermissionDenied
        if not is_mfa_enabled(user):
            messages.warning(
                request,
                _("Set up a second factor first: the console opens only with one."),
            )
            return redirect("mfa_activate_totp")
        if not second_factor.was_shown(request):
            messages.warning(
                request,
                _(
                    "This sign-in was made without your second factor. Type a code of "
                    "it, and the console opens."
                ),
            )
            return redirect_to_login(wished, resolve_url("mfa_reauthenticate"))
        return redirect("console:index")

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out where one signs in."""
        del request, extra_context
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Change one's password where everybody does."""
        del request, extra_context
        return redirect("account_change_password")


site = ConsoleSite(name="console")
