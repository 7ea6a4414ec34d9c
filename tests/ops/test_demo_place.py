"""Where a demo lives, whose records it keeps, and what it shows of secrets."""

from __future__ import annotations

import json
import os

import pytest

from housemail import __main__ as program
from housemail import first_start
from housemail.ops import demo_data
from housemail.ops.demo import place
from housemail.ops.demo.client import HIDDEN, masked


class TestPlace:
    def test_records_of_a_service_in_earnest_are_not_touched(self, tmp_path):
        (tmp_path / place.DATABASE).write_text("precious")
        with pytest.raises(place.PlaceError, match="in earnest"):
            place.clear_for(tmp_path, None)
        assert (tmp_path / place.DATABASE).read_text() == "precious"

    def test_records_of_the_same_platform_stay(self, tmp_path):
        one, two = (
            {"endpoint": "a", "username": "u"},
            {"endpoint": "b", "username": "u"},
        )
        assert not place.clear_for(tmp_path, one)
        (tmp_path / place.DATABASE).write_text("kept")
        (tmp_path / f"{place.DATABASE}-wal").write_text("kept")
        (tmp_path / "secret_key").write_text("kept")
        assert place.clear_for(tmp_path, one)
        assert (tmp_path / place.DATABASE).exists()
        place.clear_for(tmp_path, two)
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            demo_data.MARK,
            "secret_key",
        ]

    def test_records_about_nothing_any_more_go(self, tmp_path):
        place.clear_for(tmp_path, None)
        (tmp_path / place.DATABASE).write_text("old")
        place.clear_for(tmp_path, None)
        assert not (tmp_path / place.DATABASE).exists()

    def test_one_demo_a_directory(self, tmp_path):
        with place.take(tmp_path), pytest.raises(place.PlaceError, match="already"):
            place.take(tmp_path)
        place.take(tmp_path).close()

    def test_a_second_demo_is_told_how_make_is_asked(self, tmp_path):
        with place.take(tmp_path), pytest.raises(place.PlaceError) as refused:
            place.take(tmp_path)
        assert 'make demo ARGS="--data-dir DIR"' in str(refused.value)

    def test_the_two_demos_live_apart(self, monkeypatch):
        for name in place.NOT_OURS:
            monkeypatch.setenv(name, "")
        monkeypatch.setenv("HOUSEMAIL_ALLOW_LOCAL_PLATFORM", "")
        monkeypatch.setattr(first_start, "prepare", lambda: None)
        for line, folder in ((["demo"], "demo"), (["whmcs", "demo"], "whmcs-demo")):
            monkeypatch.setenv("HOUSEMAIL_DATA_DIR", "")
            program._prepare(line[0], line[1:])
            assert os.environ["HOUSEMAIL_DATA_DIR"].endswith(f"/var/{folder}")

    def test_who_looks_elsewhere_is_told_where_a_demos_data_is(
        self, tmp_path, monkeypatch
    ):
        demo, real = tmp_path / "demo", tmp_path / "data"
        demo.mkdir()
        monkeypatch.setattr(demo_data, "DIRECTORY", demo)
        monkeypatch.setattr(demo_data, "WHMCS_DIRECTORY", tmp_path / "none")
        monkeypatch.setenv("HOUSEMAIL_DATA_DIR", str(real))
        assert demo_data.hint() == ""
        place.remember(demo, {})
        assert f"HOUSEMAIL_DATA_DIR={demo} HOUSEMAIL_ALLOW_LOCAL" in demo_data.hint()
        monkeypatch.setenv("HOUSEMAIL_DATA_DIR", str(demo))
        assert demo_data.hint() == ""

    def test_a_real_services_environment_is_left_alone(self, tmp_path, monkeypatch):
        for name in place.NOT_OURS:
            monkeypatch.setenv(name, "real")
        monkeypatch.setenv("HOUSEMAIL_DATA_DIR", "real")
        monkeypatch.setenv("HOUSEMAIL_THREADS", "7")
        place.use(["--json", "--data-dir", str(tmp_path)])
        assert os.environ["HOUSEMAIL_DATA_DIR"] == str(tmp_path)
        assert os.environ["HOUSEMAIL_THREADS"] == "7"
        assert not set(place.NOT_OURS) & set(os.environ)


def test_what_is_shown_hides_secrets_and_nothing_else():
    shown = masked(
        {
            "server": {"password": "p", "username": "u"},
            "may": {"password": {"allowed": True}},
            "list": [{"password": "p"}],
        }
    )
    assert json.loads(json.dumps(shown)) == {
        "server": {"password": HIDDEN, "username": "u"},
        "may": {"password": {"allowed": True}},
        "list": [{"password": HIDDEN}],
    }
