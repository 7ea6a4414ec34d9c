"""Every sentence is in every language, whole: docs/languages.md."""

from __future__ import annotations

import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import formats, translation

from housemail.mailboxes import plan
from housemail.mailboxes.sentences import SENTENCES
from housemail.mailboxes.wording import say
from tests.extraction import HOUSE, Marked, marked, of_module, of_template

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
FORMS = {"de": 2, "fr": 2, "es": 2, "pt-br": 2, "id": 1}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def _source(language: str) -> Path:
    folder = translation.to_locale(language)
    return HOUSE / "locale" / folder / "LC_MESSAGES" / "django.po"


def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(_source(language)))


def _placeholders(text: str) -> set[str]:
    braces = {name for _, name, *_ in string.Formatter().parse(text) if name}
    return braces | set(PLACEHOLDER.findall(text))


def _forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_six_languages_of_the_shop() -> None:
    assert settings.LANGUAGES[0][0] == "en"
    assert set(LANGUAGES) == set(FORMS)
    folders = {path.name for path in (HOUSE / "locale").iterdir()}
    assert folders == {translation.to_locale(code) for code in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_holds_what_is_said_and_nothing_else(language: str) -> None:
    known = {
        Marked(entry.msgctxt, entry.msgid, entry.msgid_plural)
        for entry in _catalogue(language)
    }
    said = marked()
    assert said - known == set(), "run `make messages`, then translate"
    assert known - said == set(), "run `make messages`: nobody says this any more"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    catalogue = _catalogue(language)
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue if "fuzzy" in entry.flags] == []
    assert catalogue.obsolete_entries() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_open_places(language: str) -> None:
    wrong = [
        (entry.msgid, form)
        for entry in _catalogue(language)
        for form in _forms(entry)
        if _placeholders(form) != _placeholders(entry.msgid_plural or entry.msgid)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_ends_as_its_sentence_does(language: str) -> None:
    """A lost full stop or line end is a lost end of the sentence, mostly."""
    wrong = [
        (entry.msgid, form)
        for entry in _catalogue(language)
        for form in _forms(entry)
        if entry.msgid[-1] in ".:?" and form[-1] != entry.msgid[-1]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_have_as_many_forms_as_the_language_needs(language: str) -> None:
    catalogue = _catalogue(language)
    head = catalogue.metadata["Plural-Forms"]
    assert head.startswith(f"nplurals={FORMS[language]};")
    for entry in catalogue:
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == list(range(FORMS[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    source = _source(language)
    compiled = polib.mofile(str(source.with_suffix(".mo")))
    assert {(e.msgctxt, e.msgid): _forms(e) for e in compiled} == {
        (e.msgctxt, e.msgid): _forms(e) for e in _catalogue(language)
    }


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "in 1 second."),
        ("en", 2, "in 2 seconds."),
        ("de", 1, "in 1 Sekunde"),
        ("de", 2, "in 2 Sekunden"),
        ("fr", 0, "dans 0 seconde."),
        ("fr", 2, "dans 2 secondes."),
        ("es", 1, "en 1 segundo."),
        ("pt-br", 2, "em 2 segundos."),
        ("id", 1, "dalam 1 detik."),
        ("id", 2, "dalam 2 detik."),
    ],
)
def test_a_count_takes_its_form(language: str, count: int, expected: str) -> None:
    with translation.override(language):
        assert expected in say(SENTENCES["throttled"], {"seconds": str(count)})


def test_words_within_a_sentence_are_translated_too() -> None:
    with translation.override("de"):
        assert "wird beendet" in say(SENTENCES["not_active"], {"state": "terminating"})
        said = say(
            SENTENCES["setting_invalid"],
            {"setting": "Max Aliases", "value": "x", "fix": plan.MAX_ALIASES.fix},
        )
        assert said == (
            "Höchstzahl der Aliasse (Max Aliases): x ist nicht gültig. "
            "Geben Sie eine ganze Zahl an; 0 bedeutet unbegrenzt."
        )
        # What the platform says is not ours.
        assert "no such luck" in say(
            SENTENCES["platform_refused"], {"reason": "no such luck"}
        )
        assert say(SENTENCES["platform_refused"], {"reason": ""}).endswith(": ")


def test_dates_and_numbers_are_written_as_the_reader_writes_them() -> None:
    params = {"used": "3", "limit": "5", "until": "2026-01-31"}
    with translation.override("de"):
        assert "bis 31. Januar 2026" in say(SENTENCES["quarantine_limit"], params)
        assert formats.number_format("1.5") == "1,5"
    with translation.override("pt-br"):
        held = {"address": "a@b.test", "until": "2026-01-31 12:30 UTC"}
        said = say(SENTENCES["address_held"], held)
        assert "31 de Janeiro de 2026 às 12:30 UTC" in said
        assert " - " not in say(SENTENCES["address_held"], {**held, "until": "-"})[:9]


def test_the_languages_of_a_mailbox_are_named_as_they_are_read() -> None:
    assert plan.LANGUAGE.fix == f"Use one of {', '.join(plan.LANGUAGES)}."


def test_what_is_marked_is_found() -> None:
    code = 'a = _("One " "two."); b = ngettext("1", "many", n); pgettext("c", "x")'
    assert set(of_module(code)) == {
        Marked(None, "One two.", ""),
        Marked(None, "1", "many"),
        Marked("c", "x", ""),
    }
    page = (
        '{% load i18n %}<c-card title="{% translate "It\'s" %}">'
        "{% blocktranslate count n=rows trimmed %}one {{ n }}\n row"
        "{% plural %}{{ n }} rows{% endblocktranslate %}"
        '{% translate "May" context "verb" %}{% translate "x" as y %}'
    )
    assert set(of_template(page)) == {
        Marked(None, "It's", ""),
        Marked(None, "one %(n)s row", "%(n)s rows"),
        Marked("verb", "May", ""),
        Marked(None, "x", ""),
    }


@pytest.mark.skipif(
    shutil.which("xgettext") is None,
    reason="GNU gettext is not installed: scripts/packages.sh does it",
)
def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    base = Path(settings.BASE_DIR)
    skip = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(HOUSE, tmp_path / "housemail", ignore=skip)
    for name in ("scripts", "tests"):
        (tmp_path / name).mkdir()
    shutil.copy(base / "tests/settings.py", tmp_path / "tests")
    for name in ("messages.sh", "compile_messages.py"):
        shutil.copy(base / "scripts" / name, tmp_path / "scripts")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="ascii")
    python.chmod(0o755)
    done = subprocess.run(
        ["sh", str(tmp_path / "scripts/messages.sh")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for language in LANGUAGES:
        source = _source(language)
        again = tmp_path / source.relative_to(base)
        assert again.read_text("utf-8") == source.read_text("utf-8"), language
        compiled = again.with_suffix(".mo").read_bytes()
        assert compiled == source.with_suffix(".mo").read_bytes(), language
