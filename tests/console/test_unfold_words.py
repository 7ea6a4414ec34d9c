"""What Unfold says on pages of the console is in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import unfold
from django.conf import settings
from django.utils.translation import trans_real

from housemail.console import unfold_words
from tests.extraction import Marked, of_module, of_template

# Pages and widgets that the console has not: passwords and users are allauth's, and
# nothing has a currency.
NOT_SHOWN = (
    "After you've created a user",
    "Forgotten your password",
    "Raw passwords are not stored",
    "Select currency",
)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]


def said() -> set[Marked]:
    root = Path(unfold.__file__).parent
    found: set[Marked] = set()
    for path in root.rglob("*.*"):
        if "contrib" in path.relative_to(root).parts:  # not installed
            continue
        if path.suffix == ".py":
            found.update(of_module(path.read_text(encoding="utf-8")))
        elif path.suffix in {".html", ".txt"}:
            found.update(of_template(path.read_text(encoding="utf-8")))
    return {entry for entry in found if not entry.one.startswith(NOT_SHOWN)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_unfold_is_translated(language: str) -> None:
    installed = {app for app in settings.INSTALLED_APPS if app.startswith("unfold")}
    assert installed == {"unfold.apps.BasicAppConfig"}
    translations: Any = trans_real.translation(language)
    catalogue = translations._catalog
    missing = []
    for entry in said():
        key = f"{entry.context}\x04{entry.one}" if entry.context else entry.one
        if catalogue.get((key, 0) if entry.many else key) is None:
            missing.append(entry)
    assert missing == []


def test_nothing_is_listed_that_unfold_does_not_say() -> None:
    assert set(unfold_words.WORDS) <= {entry.one for entry in said()}
    assert len(set(unfold_words.WORDS)) == len(unfold_words.WORDS)
