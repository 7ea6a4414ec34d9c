"""What a visitor has chosen so far; it travels in the address of each page.

So neither a lost session nor the back button nor a second tab loses it. An address is
no secret; nothing else of a person is in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from housemail.mailboxes import names
from housemail.sales.models import OptionValue

# As form fields; the sheet's names have blanks and brackets.
OPTION_FIELDS: Mapping[str, OptionValue.Option] = {
    "account_type": OptionValue.Option.ACCOUNT_TYPE,
    "quota_gb": OptionValue.Option.QUOTA_GB,
}
FIELD_OF = {option: name for name, option in OPTION_FIELDS.items()}
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_MOST = 254


@dataclass(frozen=True, slots=True)
class Choice:
    """Name, domain, product and options as they were typed; nothing is checked."""

    handle: str = ""
    domain: str = ""
    product: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: QueryDict) -> Choice:
        """Read a choice from a page's address or from a form."""
        product = sent.get("product", "")
        return cls(
            _line(sent.get("handle", "")),
            _line(sent.get("domain", "")),
            product if _SLUG.fullmatch(product) else "",
            {
                option: _line(sent.get(name, ""))
                for name, option in OPTION_FIELDS.items()
                if sent.get(name)
            },
        )

    @property
    def address(self) -> str:
        """The address as it was typed."""
        if "@" in self.handle or not self.domain:
            return self.handle
        return f"{self.handle}@{self.domain}"

    @property
    def read(self) -> Choice:
        """The same with its name as the verbs read it; what they refuse stays typed."""
        handle, domain = names.as_read(self.handle, self.domain)
        return replace(self, handle=handle, domain=domain)

    @property
    def fields(self) -> dict[str, str]:
        """What a form or a page's address carries of it; empty parts are left out."""
        known = {"handle": self.handle, "domain": self.domain, "product": self.product}
        known |= {FIELD_OF[OptionValue.Option(k)]: v for k, v in self.options.items()}
        return {name: value for name, value in known.items() if value}

    def url(self, view: str) -> str:
        """Return the address of a page of the shop with this choice."""
        return f"{reverse(f'shop:{view}')}?{urlencode(self.fields)}"


def _line(text: str) -> str:
    """Return one line of text, which every database and header takes.

    What is not printed is shown as a mark, not dropped: the name would be another.
    """
    line = text.strip()[:_MOST]
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line
    )
