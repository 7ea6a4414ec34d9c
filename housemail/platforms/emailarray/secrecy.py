"""Finding the secrets of a call in a text, however the platform spells them.

Nothing here compiles a pattern from a secret: Python keeps compiled patterns.

Source: protocol 9 (secrets as text and URL-, base64-, JSON- and HTML-encoded).
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote

MASK = "***"
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_MARKS = frozenset("%&\\")
# How often a text may have been encoded on its way, one spelling within another.
_LAYERS = 3
# Less of a base64 text than this says nothing, and would be found everywhere.
_SHORTEST_PART = 6


class Secrets:
    """What one call carried and no text may show, in every spelling.

    Make it for one call and let it go: it holds the secrets.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """Spell them all once."""
        found = {form for secret in secrets if secret for form in _spellings(secret)}
        self._forms = sorted(found, key=len, reverse=True)
        self.longest = len(self._forms[0]) if self._forms else 0

    def __repr__(self) -> str:
        """Return nothing of them."""
        return "<Secrets>"

    def struck(self, text: str) -> str:
        """Return ``text`` with a mask wherever one of them is spelled."""
        if "%" in text:
            # The digits of %2f and %2F are the same.
            text = _PERCENT.sub(lambda found: found.group().upper(), text)
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def cleared(self, text: str) -> str:
        """Return ``text`` struck; nothing of it when it shows one once decoded.

        Spelled within another spelling, or character by character, a secret is not
        looked for piece by piece: such a text is not worth showing.
        """
        text = self.struck(text)
        return MASK if self._hidden_in(text) else text

    def _hidden_in(self, text: str) -> bool:
        for decode in (html.unescape, unquote, _unescaped) * _LAYERS:
            if _MARKS.isdisjoint(text):
                return False
            text = decode(text)
            if any(form in text for form in self._forms):
                return True
        return False


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_meant, text)


def _meant(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield html.escape(secret)
    for written in (json.dumps(secret), json.dumps(secret, ensure_ascii=False)):
        yield written[1:-1]
        yield written[1:-1].replace("/", "\\/")
    raw = secret.encode("utf-8", "replace")
    yield from (raw.hex(), raw.hex().upper())
    yield base64.b64encode(raw).decode()
    # Within a longer base64 text, a secret may begin at any of three offsets.
    for offset, start in enumerate((0, 2, 3)):
        encoded = base64.b64encode(b"\0" * offset + raw).decode()
        certain = encoded[start : 8 * (offset + len(raw)) // 6]
        if len(certain) >= _SHORTEST_PART:
            yield from (certain, certain.replace("+", "-").replace("/", "_"))
