"""Every word of Unfold that people may see is listed for translation."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import django.conf
import django.contrib.admin
import django.contrib.auth
import unfold
from django.utils.translation.template import templatize

from housemail.console.unfold_strings import STRINGS

ROOT = Path(str(unfold.__file__)).parent
NOT_INSTALLED = {"contrib", "unfold_crispy"}
LANGUAGES = ("de", "fr", "es", "pt_BR", "id")
# Of forms that the console does not have: accounts have pages of their own.
NEVER_SHOWN = ("After you've created a user", "Raw passwords are not stored")
# One string, in any of Python's quotes, as the first argument of gettext.
CALL = re.compile(
    r"""gettext\(u?('{3}.*?'{3}|"{3}.*?"{3}|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""",
    re.DOTALL,
)


def files(pattern: str) -> Iterator[str]:
    for path in sorted(ROOT.rglob(pattern)):
        if not NOT_INSTALLED & set(path.parts):
            yield path.read_text(encoding="utf-8")


def of_modules() -> Iterator[str]:
    for text in files("*.py"):
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "")
            first = node.args[0]
            if name in {"_", "gettext", "gettext_lazy"} and isinstance(
                first, ast.Constant
            ):
                yield str(first.value)


def of_templates() -> Iterator[str]:
    for text in files("*.html"):
        for found in CALL.finditer(templatize(text)):
            yield str(ast.literal_eval(found[1]))


def known_to_django() -> set[str]:
    """What Django's catalogues have in all of our languages."""
    known: list[set[str]] = []
    for language in LANGUAGES:
        words: set[str] = set()
        for room in (django.conf, django.contrib.admin, django.contrib.auth):
            folder = Path(str(room.__file__)).parent / "locale"
            catalogue = gettext.translation("django", folder, [language], fallback=True)
            keys = getattr(catalogue, "_catalog", {})
            words |= {key[0] if isinstance(key, tuple) else key for key in keys}
        known.append(words)
    return set.intersection(*known)


def test_unfolds_words_are_listed_and_no_others() -> None:
    used = {*of_modules(), *of_templates()}
    assert len(used) > 100
    shown = {words for words in used if not words.startswith(NEVER_SHOWN)}
    assert set(STRINGS) == shown - known_to_django()
