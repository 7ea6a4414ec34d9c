"""Compile each catalogue to its .mo file, and say how much of it is translated."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent.parent / "housemail/locale"


def main() -> None:
    """Compile; sentences that are not translated stay in English."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(source))
        catalogue.save_as_mofile(str(source.with_suffix(".mo")))
        sys.stdout.write(
            f"{source.parent.parent.name}: {catalogue.percent_translated()} % of "
            f"{len(catalogue)} sentences\n"
        )


if __name__ == "__main__":
    main()
