"""Reading the transcripts beside this file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ADMIN = ("reseller-api", "S3cret!")
DOMAIN = "example.com"


@dataclass(frozen=True)
class Transcript:
    """One request and one answer of the API."""

    name: str
    action: str
    source: str
    request: list[tuple[str, str]]
    answer: str
    before: dict[str, Any] = field(default_factory=dict)

    def form(self, token: str) -> list[tuple[str, str]]:
        return [(k, token if v == "{token}" else v) for k, v in self.request]

    @property
    def envelope(self) -> dict[str, Any]:
        body = json.loads(self.answer)
        assert isinstance(body, dict)
        return body


def load() -> dict[str, Transcript]:
    """Return every transcript by its file's name."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.json")):
        raw = json.loads(path.read_text("utf-8"))
        found[path.stem] = Transcript(
            name=path.stem,
            action=raw["action"],
            source=raw["source"],
            request=[(k, v) for k, v in raw["request"]],
            answer=raw["answer"],
            before=raw.get("before", {}),
        )
    return found


TRANSCRIPTS = load()
