"""One's own account: the page that the other account pages hang on."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from housemail.account.forms import ProfileForm
from housemail.people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change name and language."""
    # A copy of one's own: a refused form must not change who the page is shown to.
    person = User.objects.get_by_natural_key(str(request.user.get_username()))
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Your account was changed."))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form})
