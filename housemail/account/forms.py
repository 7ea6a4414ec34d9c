"""What people change about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms

from housemail.people.models import User

if TYPE_CHECKING:
    _UserForm = forms.ModelForm[User]
else:
    _UserForm = forms.ModelForm


class ProfileForm(_UserForm):
    """Name and language; e-mail, password and second factor have their own pages."""

    class Meta:
        """Two fields of the person."""

        model = User
        fields: ClassVar[list[str]] = ["name", "language"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"})
        }
