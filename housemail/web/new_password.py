"""The form that asks for a new mailbox password, twice; the element shows it.

Whether a password is suitable is decided by mailboxes/rules.py alone, when it is set.
What the page shows while typing is a copy of that rule for people, and a test holds the
two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Part:
    """One line of the checklist: in words, and as a pattern that JavaScript reads."""

    words: Promise
    pattern: str


# Protocol 4, in the words of ui.md.
PARTS = (
    Part(gettext_lazy("At least 10 characters"), r"^.{10,128}$"),
    Part(gettext_lazy("No spaces"), r"^[!-~]+$"),
    Part(gettext_lazy("An upper case letter (A-Z)"), r"[A-Z]"),
    Part(gettext_lazy("A lower case letter (a-z)"), r"[a-z]"),
    Part(gettext_lazy("A digit (0-9)"), r"[0-9]"),
    Part(
        gettext_lazy("A symbol, such as ! # ? or -"),
        r"""[!@#$%^&*()_+\-=[\]{};':"\\|,.<>/?]""",
    ),
)
# What is drawn from: nothing that is read as something else (l, I, 1, O, 0).
ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#*+-=:,.?@"
GENERATED_LENGTH = 16


class NewPasswordForm(forms.Form):
    """Two fields that must agree. Neither is ever sent back to the browser."""

    parts = PARTS
    alphabet = ALPHABET
    generated_length = GENERATED_LENGTH

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": gettext_lazy("Type a new password.")},
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": gettext_lazy("Type the new password once more.")},
    )

    def clean_again(self) -> str:
        """Refuse a second one that differs: one of them has a slip."""
        again = str(self.cleaned_data["again"])
        first = self.cleaned_data.get("password")
        if first is not None and again != first:
            raise forms.ValidationError(
                _("The two passwords are not the same. Type both once more.")
            )
        return again
