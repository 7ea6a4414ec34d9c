"""Tidy each catalogue, compile it to its .mo file, and say what is not translated."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent.parent / "housemail/locale"
# What gettext writes besides: dates, names and addresses, which would change with
# every run and tell nothing.
KEPT = (
    "Project-Id-Version",
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
)
# How many forms a count has. Spanish and French have one more for whole millions, which
# nothing here counts to.
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "pt_BR": "nplurals=2; plural=(n > 1);",
    "id": "nplurals=1; plural=0;",
    "de": "nplurals=2; plural=(n != 1);",
}


def main() -> None:
    """Compile; sentences that are not translated stay in English."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        language = source.parent.parent.name
        _tidy(source, language)
        catalogue = polib.pofile(str(source))
        catalogue.save_as_mofile(str(source.with_suffix(".mo")))
        open_ = [entry.msgid for entry in catalogue if not entry.translated()]
        sys.stdout.write(f"{language}: {len(catalogue) - len(open_)} of ")
        sys.stdout.write(f"{len(catalogue)} sentences\n")
        for sentence in open_:
            sys.stdout.write(f"  not yet: {sentence}\n")


def _tidy(source: Path, language: str) -> None:
    """Write a head that says only what matters."""
    catalogue = polib.pofile(str(source))
    catalogue.header = f"Housemail, {language}. See docs/languages.md."
    catalogue.metadata_is_fuzzy = False
    known = {
        **catalogue.metadata,
        "Project-Id-Version": "Housemail",
        "Language": language,
        "Plural-Forms": PLURALS.get(language, catalogue.metadata["Plural-Forms"]),
    }
    catalogue.metadata = {name: known[name] for name in KEPT if name in known}
    catalogue.save(str(source))


if __name__ == "__main__":
    main()
