"""The program ``housemail``: help, first start, mistakes."""

from __future__ import annotations

import stat

import pytest
from django.core.management import load_command_class

from housemail.__main__ import COMMANDS


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_help_names_every_command_in_words(housemail):
    ended = housemail("--help")
    assert ended.code == 0
    for name, words in COMMANDS.items():
        assert f"{name} " in ended.out
        assert words in ended.out
    assert housemail().out == ended.out


def test_an_unknown_command_is_a_sentence(housemail):
    ended = housemail("frobnicate")
    assert ended.code == 2
    assert "There is no command 'frobnicate'" in ended.err
    assert "Traceback" not in ended.err


def test_the_version(housemail):
    assert housemail("--version").out.startswith("Housemail 0.")


def test_first_start_makes_secrets_that_only_the_owner_reads(housemail, tmp_path):
    data = tmp_path / "data"
    assert housemail("migrate").code == 0
    assert mode(data) == 0o700
    assert mode(data / "secret_key") == 0o600
    assert mode(data / "encryption_keys") == 0o600
    before = (data / "encryption_keys").read_bytes()
    assert housemail("doctor").code == 0
    assert (data / "encryption_keys").read_bytes() == before
    assert not list(data.glob(".*"))


def test_a_setting_that_is_wrong_is_a_sentence(housemail):
    ended = housemail("doctor", HOUSEMAIL_THREADS="many")
    assert ended.code == 2
    assert "HOUSEMAIL_THREADS is 'many'" in ended.err
    assert "Traceback" not in ended.err


def test_a_data_directory_that_cannot_be_made(housemail, tmp_path):
    (tmp_path / "file").write_text("")
    ended = housemail("doctor", HOUSEMAIL_DATA_DIR=str(tmp_path / "file" / "below"))
    assert ended.code == 2
    assert "HOUSEMAIL_DATA_DIR" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"emulator"}))
def test_each_command_explains_itself_without_djangos_words(name):
    command = load_command_class("housemail.ops", name)
    text = command.create_parser("housemail", name).format_help()
    assert f"usage: housemail {name}" in text
    assert "--settings" not in text
    assert command.help.split()[0] in text


def test_help_of_one_command(housemail):
    assert housemail("keys", "--help").out == housemail("help", "keys").out


def test_commands_ask_for_migrations_and_do_not_guess(housemail):
    ended = housemail("keys", "list")
    assert ended.code == 1
    sentence = "The database is not up to date: run `housemail migrate` first."
    # Where a demo ran, the rest says where its data are.
    assert ended.err.startswith(sentence)


def test_a_database_that_does_not_answer_is_a_sentence(housemail):
    url = "postgresql://nobody:geheim@127.0.0.1:1/none"
    ended = housemail("migrate", HOUSEMAIL_DATABASE_URL=url)
    assert ended.code == 1
    assert "The database does not answer" in ended.err
    assert "geheim" not in ended.err + ended.out
    assert "Traceback" not in ended.err
