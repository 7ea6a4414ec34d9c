"""What people change about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from housemail.people.models import User

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm


class ProfileForm(_UserForm):
    """Name and language; e-mail, password and second factor have their own pages."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("As the browser asks")), *settings.LANGUAGES],
        required=False,
    )

    class Meta:
        """Two fields of the person."""

        model = User
        fields: ClassVar[list[str]] = ["name", "language"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"})
        }
