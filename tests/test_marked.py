"""No word that a person reads is left unmarked for translation.

A simple reader: it sees text and the attributes that are read out in templates, and the
usual places of words in Python. What is a name or a unit in every language stands in
``SAME_EVERYWHERE``, each with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings

from tests.extraction import HOUSE, marks_in, modules, name_of, templates

ROOMS = ("web", "account", "shop", "customer", "console", "people", "sales")

# --- templates

SAME_EVERYWHERE = {
    "UTC",  # the name of the time zone
    "@",
    "HTTP",
    "IMAP",
    "POP3",
    "SMTP",
    "GB",
    "ms",
}
READ_ATTRIBUTES = {
    "alt", "aria-label", "aria-description", "placeholder", "title",
    # of our own elements
    "label", "summary", "question", "hint", "empty", "heading", "caption", "text",
    "data-copied", "data-confirm",
}  # fmt: skip
_SILENT = {"script", "style", "svg", "code", "pre"}
_TAG = re.compile(
    r"\{#.*?#\}"
    r"|\{%-?\s*comment\b.*?endcomment\s*-?%\}"
    r"|\{%-?\s*verbatim\b.*?endverbatim\s*-?%\}"
    r"|\{%-?\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*-?%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
# A class is no word; a tag whose name a template chooses is still a tag.
_CLASS = re.compile(r"\{%\s*block \w*class\s*%\}.*?\{%\s*endblock.*?%\}", re.DOTALL)
# Unfold's icons are drawn from their names.
_ICON = re.compile(r"<span[^>]*material-symbols[^>]*>[^<]*</span>")
_CHOSEN = re.compile(r"(</?)\{%[^<>]*?%\}")
# Words that a filter or a parameter brings, which no tag marks.
_BROUGHT = re.compile(
    r"""\|(?:default|default_if_none|yesno|add|pluralize):["']([^"']*)["']"""
    r"""|\bwith\b[^%]*?\w+=["']([^"']*\s[^"']*)["']"""
)
_UNREAD = re.compile(
    rf"""(?<![\w-])(?!(?:{"|".join(READ_ATTRIBUTES)})=)[\w-]+="\{{\{{.*?\}}\}}\""""
)
_WORD = re.compile(r"[^\W\d_]{2,}")


class _Reader(HTMLParser):
    """Collects the words that somebody sees or hears."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        kind = dict(attrs).get("type") or ""
        for name, value in attrs:
            button = name == "value" and tag == "input" and kind in {"submit", "button"}
            if name in READ_ATTRIBUTES or button:
                self._read(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._silent -= tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._read(data)

    def _read(self, text: str) -> None:
        words = " ".join(text.split())
        if words not in SAME_EVERYWHERE and _WORD.search(words):
            left = [
                word
                for word in words.split()
                if word.strip("().,") not in SAME_EVERYWHERE
            ]
            if left and _WORD.search(" ".join(left)):
                self.found.append(words)


def unmarked_in_template(source: str) -> list[str]:
    reader = _Reader()
    plain = _CHOSEN.sub(r"\1x ", _CLASS.sub(" ", source))
    reader.feed(_ICON.sub(" ", _TAG.sub(" ", plain)))
    reader.close()
    shown = _UNREAD.sub(" ", source)
    brought = ["".join(found) for found in _BROUGHT.findall(shown)]
    return reader.found + [text for text in brought if _WORD.search(text)]


@pytest.mark.parametrize(
    "path", templates(), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_every_word_of_a_template_is_marked(path) -> None:
    assert unmarked_in_template(path.read_text(encoding="utf-8")) == []


# Scripts read their words from the page (data-copied), where a template marks them.
_SPOKEN = re.compile(
    r"""(?:textContent|innerText|innerHTML|ariaLabel|title|placeholder)\s*=\s*"""
    r"""["'`][^"'`]*[A-Za-z]{2}|\b(?:alert|confirm|prompt)\("""
)


def test_no_script_has_words_of_its_own() -> None:
    for path in HOUSE.rglob("static/housemail/**/*.js"):
        assert _SPOKEN.findall(path.read_text(encoding="utf-8")) == [], path


def test_the_reader_of_templates_sees_what_people_see() -> None:
    page = """
      {% load i18n %}{# not this #}{% comment %}nor this{% endcomment %}
      <style>p { color: red }</style><script>let it = 1</script>
      <p class="not this" title="seen one">seen two {{ value }}</p>
      <c-card title="{% translate "Marked" %}" label="seen three" />
      <input type="submit" value="seen four"><input type="hidden" value="not this">
      <time>{{ at }} UTC</time> &middot; 5 % @
      {% blocktranslate %}marked {{ x }}{% endblocktranslate %}
      {{ x|default:"seen five" }} {% include "a.html" with text="seen six" %}
      {% block main_class %}not-this{% endblock %}
      <{% if x %}a href="/"{% else %}button{% endif %} class="not-this">
    """
    assert unmarked_in_template(page) == [
        "seen one",
        "seen two",
        "seen three",
        "seen four",
        "seen five",
        "seen six",
    ]


# --- Python

# Arguments by name that end on a page, wherever they are given.
READ_ARGUMENTS = {
    "label", "help_text", "verbose_name", "verbose_name_plural", "empty_label",
    "description", "short_description", "sentence", "next_step",
}  # fmt: skip
READ_NAMES = READ_ARGUMENTS - {"label", "sentence"} | {"title"}
# Calls whose argument (by position) is read.
READ_CALLS = {
    "ValidationError": 0,
    "add_error": 1,
    "message_user": 1,
    "success": 1,
    "info": 1,
    "warning": 1,
    "error": 1,
}
_SENTENCE = re.compile(r"[^\W\d_]{2,}")


def unmarked_in_module(source: str) -> Iterator[str]:
    """Yield the words that are read and that no call marks."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg in READ_ARGUMENTS and _is_text(word.value):
                    yield ast.unparse(word.value)
            place = READ_CALLS.get(name_of(node))
            if place is not None and not _is_logging(node):
                yield from (
                    ast.unparse(arg)
                    for arg in node.args[place : place + 1]
                    if _is_text(arg)
                )
        elif isinstance(node, ast.Assign) and _is_text(node.value):
            names = {
                target.id for target in node.targets if isinstance(target, ast.Name)
            }
            if names & READ_NAMES:
                yield ast.unparse(node.value)


def _is_text(node: ast.expr) -> bool:
    """Say whether this is words, put together or not."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_SENTENCE.search(node.value))
    if isinstance(node, ast.JoinedStr):
        return any(_is_text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return False


def _is_logging(call: ast.Call) -> bool:
    """Say whether these words go to the log, which is in English."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id in {"logger", "log", "logging", "loguru"}
    )


# The registrations of Django's applications: no page shows them.
_READ = [
    path
    for path in modules()
    if path.relative_to(HOUSE).parts[0] in ROOMS
    and "migrations" not in path.parts
    and path.name != "apps.py"
]


@pytest.mark.parametrize("path", _READ, ids=lambda path: str(path.relative_to(HOUSE)))
def test_every_word_of_a_module_that_is_read_is_marked(path) -> None:
    assert list(unmarked_in_module(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path", modules(), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_no_sentence_is_put_together_before_it_is_translated(path) -> None:
    """gettext cannot collect an f-string or a sum, and says nothing about it."""
    wrong = [
        ast.unparse(argument)
        for call in marks_in(path.read_text(encoding="utf-8"))
        for argument in call.args
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (isinstance(argument, ast.Call) and name_of(argument) == "format")
    ]
    assert wrong == []


def test_the_reader_of_modules_sees_what_people_see() -> None:
    code = """
name = forms.CharField(label="one", help_text=_("marked"))
raise ValidationError(f"two {x}")
messages.success(request, "three " + who)
logger.error("not this")
class Meta:
    verbose_name = "four"
    ordering = "not this"
"""
    assert sorted(unmarked_in_module(code)) == [
        "'four'",
        "'one'",
        "'three ' + who",
        "f'two {x}'",
    ]


def test_each_language_is_offered_in_its_own_words() -> None:
    assert dict(settings.LANGUAGES) == {
        "en": "English",
        "de": "Deutsch",
        "fr": "Français",
        "es": "Español",
        "pt-br": "Português (Brasil)",
        "id": "Bahasa Indonesia",
    }
