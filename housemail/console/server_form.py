"""The form of a server: its password is never shown back, and never sent elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cryptography.fernet import InvalidToken
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
)

from housemail.installations.fields import cipher
from housemail.sales.models import SaleServer, ServerGroup

if TYPE_CHECKING:
    _ServerForm = forms.ModelForm[SaleServer]
else:
    _ServerForm = forms.ModelForm

KEPT = "password_kept"
_KEPT_SECONDS = 1800


class ServerForm(_ServerForm):
    """Empty password: the stored one stays, unless it would go to another host.

    What was typed survives a test and a mistake as ``kept``: encrypted, for half an
    hour, good for nothing but this form.
    """

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=250,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Server groups"),
        queryset=ServerGroup.objects.all(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("A product chooses among the servers of its group."),
    )

    class Meta:
        """The sheet's fields, then ours."""

        model = SaleServer
        fields: ClassVar[list[str]] = [
            "name",
            "hostname",
            "ip_address",
            "kind",
            "username",
            "password",
            "typed_endpoint",
            "max_mailboxes",
            "active",
            "groups",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep where the stored password may go."""
        super().__init__(*args, **kwargs)
        self._stored = self.instance.password if self.instance.pk else ""
        self._stored_for = (self.instance.endpoint, self.instance.username)
        # Never the stored one, not even hidden.
        self.initial.pop("password", None)
        if self._stored or self.kept:
            told = _("Leave it empty to keep the password.")
            self.fields["password"].help_text = told

    @property
    def kept(self) -> str:
        """What was typed, encrypted, for a hidden field; empty when nothing was."""
        typed = self._typed()
        return cipher().encrypt(typed.encode()).decode("ascii") if typed else ""

    def _typed(self) -> str:
        if not self.is_bound:
            return ""
        typed = self.data.get("password", "")
        return str(typed) or _opened(str(self.data.get(KEPT, "")))

    def clean(self) -> dict[str, Any] | None:
        """Take the typed, the kept or the stored password."""
        cleaned = super().clean() or {}
        password = self._typed() or self._stored_one(cleaned)
        if not password:
            self.add_error("password", gettext("Enter the password."))
        cleaned["password"] = password
        return cleaned

    def _stored_one(self, cleaned: dict[str, Any]) -> str:
        """Return the stored password; not for another endpoint or user name."""
        if not self._stored:
            return ""
        changed = SaleServer(
            hostname=cleaned.get("hostname", ""),
            typed_endpoint=cleaned.get("typed_endpoint", ""),
        )
        if (changed.endpoint, cleaned.get("username")) == self._stored_for:
            return self._stored
        self.add_error(
            "password",
            gettext("Host or user name changed: enter the password again."),
        )
        return self._stored


def _opened(sealed: str) -> str:
    """Return a kept password, unless it is too old or not ours."""
    try:
        return cipher().decrypt(sealed.encode(), ttl=_KEPT_SECONDS).decode()
    except (InvalidToken, ValueError):
        return ""
