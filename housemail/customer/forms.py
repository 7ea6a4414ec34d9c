"""What a mailbox owner types. Only presence is checked here; the verbs decide."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from housemail.mailboxes import names


def handle_of(raw: str) -> str:
    """Return the handle that the verbs read from what was typed, or it as it is."""
    return names.as_read(raw)[0]


_NAME = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
_ADDRESS = {**_NAME, "inputmode": "email"}
# More than 100 addresses of the greatest length: a limit for accidents.
_MEMBERS_MOST = 30_000


class AliasForm(forms.Form):
    """A new alias, and where its mail goes."""

    OWN, OTHER = "own", "other"

    handle = forms.CharField(
        label=gettext_lazy("New alias"),
        max_length=320,
        widget=forms.TextInput(_NAME),
        error_messages={"required": gettext_lazy("Type a name for the alias.")},
    )
    to = forms.ChoiceField(label=gettext_lazy("Delivers to"), widget=forms.RadioSelect)
    destination = forms.CharField(
        label=gettext_lazy("Address it delivers to"),
        max_length=320,
        widget=forms.TextInput(_ADDRESS),
        error_messages={
            "required": gettext_lazy("Type the address that it delivers to.")
        },
    )

    # The second field is needed only by one choice of the first.
    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        address: str,
        hint: str,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Preselect the mailbox itself; ``hint`` says where else it may go."""
        super().__init__(data, initial={"to": self.OWN, **(typed or {})})
        to, destination = self.fields["to"], self.fields["destination"]
        if isinstance(to, forms.ChoiceField):
            to.choices = [(self.OWN, address), (self.OTHER, _("Another address"))]
        destination.help_text = hint
        destination.required = data is None or data.get("to") == self.OTHER

    def clean_destination(self) -> str:
        """Return where it goes; empty is the mailbox itself."""
        if self.cleaned_data.get("to") != self.OTHER:
            return ""
        return str(self.cleaned_data["destination"])


def _members(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Add members") if required else gettext_lazy("Members"),
        help_text=gettext_lazy("E-mail addresses, one per line or with commas"),
        max_length=_MEMBERS_MOST,
        required=required,
        widget=forms.Textarea({**_ADDRESS, "rows": 3}),
        error_messages={"required": gettext_lazy("Type at least one address.")},
    )


class ListForm(forms.Form):
    """A new distribution list, perhaps with its first members."""

    handle = forms.CharField(
        label=gettext_lazy("New list"),
        max_length=320,
        widget=forms.TextInput(_NAME),
        error_messages={"required": gettext_lazy("Type a name for the list.")},
    )
    members = _members(required=False)


class MembersForm(forms.Form):
    """Members of the list that ``list`` names."""

    list = forms.CharField(max_length=320, widget=forms.HiddenInput)
    members = _members(required=True)
