"""The tree of refusals: each has a stable code and a sentence saying what to do.

::

    Refusal                    a request that is answered "no"; nothing changed
    ├── Invalid          422   the input itself is wrong: names the field and the fix
    │   └── PasswordUnsuitable   carries a suggestion that is suitable
    ├── Conflict         409   the input is fine, the state of things is not
    ├── Forbidden        403   this caller may not do this
    ├── NotFound         404   no such service, alias, list or member of yours
    ├── Throttled        429   too often; says when to come back
    └── Unavailable      503   nothing was sent to the platform; try again

A lost answer is no refusal: verbs return an ``Answer`` with state unknown (202).

Their sentences are in ``sentences.py``; doors translate them and choose who reads what.
Parameters are plain text and never secret.
"""

from __future__ import annotations

from typing import ClassVar

from housemail.mailboxes.marking import complete
from housemail.mailboxes.sentences import (
    FOR_CLIENTS,
    code_for_client,
    sentence_for,
)


class Refusal(Exception):
    """A request answered "no": nothing changed, and the sentence says what to do."""

    status: ClassVar[int] = 409
    # True in the copy that a customer or a stranger reads.
    told_to_client = False

    def __init__(self, code: str, /, *, field: str = "", **params: object) -> None:
        """Keep a code of SENTENCES, the field it is about and its parameters."""
        self.code = code
        self.field = field
        self.params = {key: str(value) for key, value in params.items()}
        super().__init__(self.detail)

    @property
    def sentence(self) -> str:
        """The English sentence with its parameters still open."""
        return sentence_for(self.code, client=self.told_to_client)

    @property
    def detail(self) -> str:
        """The English sentence, complete."""
        return complete(self.sentence, self.params)

    @property
    def code_for_client(self) -> str:
        """The code of what a customer or a stranger reads of it."""
        return code_for_client(self.code)

    def reworded(self, code: str) -> Refusal:
        """Return the same refusal in other words, which tell nothing of the reason."""
        return type(self)(code, field="" if code == "ask_support" else self.field)


class Invalid(Refusal):
    """The input itself is wrong."""

    status = 422


class PasswordUnsuitable(Invalid):
    """A password that fails the rule; ``code`` says which part of it.

    Doors answer code ``password_unsuitable`` with ``reason`` = our code, and
    ``suggested_password``.
    """

    def __init__(self, code: str, /, *, suggestion: str, **params: object) -> None:
        """Keep a suitable password to offer; it never enters ``params``."""
        super().__init__(code, field="password", **params)
        self.suggestion = suggestion

    def reworded(self, code: str) -> PasswordUnsuitable:
        """Return the same with the same suggestion."""
        return type(self)(code, suggestion=self.suggestion)


class Conflict(Refusal):
    """The input is fine, the state of things is not."""

    status = 409


class Forbidden(Refusal):
    """This caller may not do this."""

    status = 403


class NotFound(Refusal):
    """No such thing of yours."""

    status = 404


class Throttled(Refusal):
    """Too often."""

    status = 429

    def __init__(self, seconds: int) -> None:
        """Say in how many seconds to come back."""
        super().__init__("throttled", seconds=seconds)
        self.seconds = seconds


class Unavailable(Refusal):
    """Nothing was sent to the platform; the same request may be repeated."""

    status = 503


def for_client(refusal: Refusal) -> Refusal:
    """Return the refusal as a customer or stranger may read it."""
    code = refusal.code_for_client
    if code != refusal.code:
        return refusal.reworded(code)
    if code not in FOR_CLIENTS or refusal.told_to_client:
        return refusal
    told = type(refusal)(code, field=refusal.field, **refusal.params)
    told.told_to_client = True
    return told
