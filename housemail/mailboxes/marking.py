"""Marks for translation, for rooms that do not know Django.

The names are those that ``scripts/messages.sh`` looks for. Nothing is translated here:
``wording.say`` does it, when it is known who reads.
"""

from __future__ import annotations

from collections.abc import Mapping


def _(sentence: str) -> str:
    """Mark a sentence for translation and return it as it is."""
    return sentence


class Counted(str):
    """A sentence with a form for one and, as the text itself, one for many."""

    __slots__ = ("by", "one")

    one: str
    by: str

    def count_of(self, params: Mapping[str, str]) -> int:
        """Return the number that decides the form; what is no number is many."""
        text = params.get(self.by, "")
        return int(text) if text.isdecimal() else 2

    def form_of(self, params: Mapping[str, str]) -> str:
        """Return the English form for these parameters."""
        return self.one if self.count_of(params) == 1 else str(self)


def ngettext(one: str, many: str, by: str) -> Counted:
    """Mark both forms of a sentence; ``by`` is the parameter that counts."""
    counted = Counted(many)
    counted.one = one
    counted.by = by
    return counted


def complete(sentence: str, params: Mapping[str, str]) -> str:
    """Return an English sentence with its parameters filled in."""
    if isinstance(sentence, Counted):
        sentence = sentence.form_of(params)
    return sentence.format(**params)


# Parameters that are words of ours, or may be: they are translated too. What the
# catalogues do not hold, such as a sentence of the platform, stays as it is. Dates are
# written as the reader writes them.
DATES = frozenset({"until"})
WORDS = frozenset({"state", "fix", "setting", "label", "option", "reason"})

# The states of a mailbox as {state} names them.
STATES = (
    _("creating"),
    _("active"),
    _("suspending"),
    _("suspended"),
    _("unsuspending"),
    _("terminating"),
    _("terminated"),
    _("failed"),
)
