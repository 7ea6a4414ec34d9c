"""Finds what is marked for translation, as GNU gettext does, but without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

HOUSE = Path(settings.BASE_DIR) / "housemail"
# How many of the leading arguments are texts, and whether the first is a context.
MARKS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
_LITERAL = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(
    rf"\b(n?p?gettext|_)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?(?:\s*,\s*{_LITERAL})?",
    re.DOTALL,
)


class Marked(NamedTuple):
    """One entry of a catalogue."""

    context: str | None
    one: str
    many: str


def modules() -> list[Path]:
    """Return every module of ours that a person may read a word of."""
    return sorted(HOUSE.rglob("*.py"))


def templates() -> list[Path]:
    """Return every template, of pages and of e-mails."""
    found = [*HOUSE.rglob("templates/**/*.html"), *HOUSE.rglob("templates/**/*.txt")]
    return sorted(found)


def marked() -> set[Marked]:
    """Return all that is marked, in code and in templates."""
    found: set[Marked] = set()
    for path in modules():
        found.update(of_module(path.read_text(encoding="utf-8")))
    for path in templates():
        found.update(of_template(path.read_text(encoding="utf-8"), str(path)))
    return found


def of_module(source: str) -> Iterator[Marked]:
    """Yield what is marked in a module."""
    for call in marks_in(source):
        count, _ = MARKS[name_of(call)]
        texts = [
            arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant)
        ]
        if len(texts) == count:  # else it translates what was marked elsewhere
            yield _entry(name_of(call), [str(text) for text in texts])


def of_template(source: str, origin: str = "") -> Iterator[Marked]:
    """Yield what is marked in a template, by Django's own reading of it."""
    for name, *literals in _CALL.findall(templatize(source, origin=origin)):
        count, _ = MARKS[name]
        yield _entry(name, [ast.literal_eval(text) for text in literals[:count]])


def marks_in(source: str) -> Iterator[ast.Call]:
    """Yield the calls that mark something."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in MARKS and node.args:
            yield node


def name_of(call: ast.Call) -> str:
    """Return the name of what is called, without the module it is in."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _entry(name: str, texts: list[str]) -> Marked:
    _, has_context = MARKS[name]
    context = texts.pop(0) if has_context else None
    return Marked(context, texts[0], texts[1] if len(texts) > 1 else "")
