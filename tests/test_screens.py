"""Each picture of a page is listed, and each one listed is there."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs/screens"
MOST_BYTES = 400_000


def test_the_list_and_the_pictures_are_the_same() -> None:
    listed = re.findall(r"\]\(([\w-]+\.png)\)", (FOLDER / "README.md").read_text())
    assert listed
    assert sorted(listed) == sorted(path.name for path in FOLDER.glob("*.png"))


def test_pictures_are_small() -> None:
    large = [
        path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MOST_BYTES
    ]
    assert large == []
