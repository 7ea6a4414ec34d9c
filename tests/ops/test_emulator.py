"""``housemail emulator``: the imitation by itself."""

from __future__ import annotations

import signal

import pytest


@pytest.mark.flow
def test_one_line_says_where_everything_is(start):
    running = start("emulator", "--json", "--preset", "strict_panel")
    said = running.said()
    wanted = {"endpoint", "user_endpoint", "username", "password", "control", "page"}
    assert wanted <= set(said)
    assert running.end(signal.SIGINT).code == 0


def test_its_help_is_its_own(housemail):
    ended = housemail("emulator", "--help")
    assert ended.code == 0
    assert "lost_answers" in ended.out
