"""The emulator takes the requests of the transcripts and answers in their shape."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from tests.wire.transcripts import ADMIN, DOMAIN, TRANSCRIPTS, Transcript

if importlib.util.find_spec("emulator") is None:
    pytest.skip("the emulator is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    from emulator import Emulator

    emulator = Emulator(domains=(DOMAIN,), username=ADMIN[0], password=ADMIN[1])
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(running: Any) -> Any:
    running.reset()
    return running


def prepare(emulator: Any, before: dict[str, Any]) -> None:
    off = before.get("disabled", [])
    for name in before.get("mailboxes", []):
        # 2026-02-10 12:00:00 UTC, as in the transcripts.
        emulator.seed_mailbox(
            DOMAIN, name, disabled=name in off, lastauth=1_770_724_800.0
        )
    for name, to in before.get("aliases", {}).items():
        emulator.seed_alias(DOMAIN, name, to)
    for name, members in before.get("lists", {}).items():
        emulator.seed_list(DOMAIN, name, members)


def post(emulator: Any, form: list[tuple[str, str]]) -> dict[str, Any]:
    with urllib3.PoolManager(retries=False) as pool:
        response = pool.request(
            "POST", emulator.endpoint, fields=form, encode_multipart=False
        )
        assert response.status == 200
        body = json.loads(response.data)
    assert isinstance(body, dict)
    return body


def assert_same_shape(wanted: object, found: object, where: str) -> None:
    """Same JSON types all the way down; texts and numbers may differ."""
    assert type(wanted) is type(found), where
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            assert key in found, f"{where}.{key}"
            assert_same_shape(value, found[key], f"{where}.{key}")
    if isinstance(wanted, list) and isinstance(found, list):
        assert len(wanted) == len(found), where
        for one, other in zip(wanted, found, strict=True):
            assert_same_shape(one, other, f"{where}[]")


@pytest.mark.parametrize("transcript", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
def test_the_emulator_answers_in_the_shape_of_the_transcript(
    emulator: Any, transcript: Transcript
) -> None:
    prepare(emulator, transcript.before)
    token = str(post(emulator, TRANSCRIPTS["login"].request)["returndata"])

    answer = post(emulator, transcript.form(token))

    assert answer["returncode"] == transcript.envelope["returncode"], answer
    assert_same_shape(transcript.envelope, answer, transcript.name)
