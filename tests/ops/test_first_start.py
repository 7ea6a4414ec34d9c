"""Secrets are made once, whole, and never written over."""

from __future__ import annotations

import os
import threading

import pytest
from cryptography.fernet import Fernet

from housemail import first_start


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HOUSEMAIL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("HOUSEMAIL_SECRET_KEY", raising=False)
    monkeypatch.delenv("HOUSEMAIL_ENCRYPTION_KEYS", raising=False)
    return tmp_path / "data"


def test_the_keys_are_usable(data):
    assert first_start.prepare() == data
    Fernet((data / "encryption_keys").read_text().strip())
    assert len((data / "secret_key").read_text().strip()) >= 50


def test_what_exists_stays(data):
    data.mkdir()
    (data / "secret_key").write_text("mine")
    first_start.prepare()
    assert (data / "secret_key").read_text() == "mine"


def test_a_secret_of_the_environment_needs_no_file(data, monkeypatch):
    monkeypatch.setenv("HOUSEMAIL_SECRET_KEY", "x" * 60)
    first_start.prepare()
    assert not (data / "secret_key").exists()


def test_many_first_starts_at_once_agree(data):
    data.mkdir()
    made = [f"{number:03}" for number in range(20)]
    threads = [
        threading.Thread(target=first_start._write_once, args=(data / "key", text))
        for text in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (data / "key").read_text().strip() in made
    assert [path.name for path in data.iterdir()] == ["key"]


def test_a_relative_directory_is_made_absolute_for_children(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOUSEMAIL_DATA_DIR", "here")
    first_start.prepare()
    assert os.environ["HOUSEMAIL_DATA_DIR"] == str(tmp_path / "here")
