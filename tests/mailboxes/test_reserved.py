"""The reserved names, shipped and configured."""

import os

import pytest

from housemail.mailboxes import reserved
from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.reserved import builtin_and_configured
from housemail.mailboxes.rules import is_reserved

SHEET = [
    "admin",
    "administrator",
    "abuse",
    "billing",
    "contact",
    "hostmaster",
    "info",
    "mail",
    "mailer-daemon",
    "noreply",
    "no-reply",
    "postmaster",
    "root",
    "sales",
    "security",
    "support",
    "webmail",
    "www",
]
CERTIFICATES = ["admin", "administrator", "webmaster", "hostmaster", "postmaster"]
RFC_2142 = [
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
]


@pytest.mark.parametrize("name", sorted({*SHEET, *CERTIFICATES, *RFC_2142}))
def test_names_of_the_sheet_the_authorities_and_the_rfc(name):
    names = builtin_and_configured(None)
    assert is_reserved(name, names)
    assert is_reserved("-".join(name.replace("-", "")), names)


def test_the_sheet_has_18():
    assert len(SHEET) == len(set(SHEET)) == 18


@pytest.mark.parametrize(
    "name",
    [
        "michael",
        "testuser",
        "anna.smith",
        "mark",
        "news2",
        "john-news",
        "rob",
        "mx",
        "it",
        "is",
        "help",
        "dan",
        "adminson",
        "sally",
        "roots",
        "office",
        "hello",
        "me",
        "team",
    ],
)
def test_ordinary_names_are_free(name):
    assert not is_reserved(name, builtin_and_configured(None))


def test_names_are_skeletons():
    names = builtin_and_configured("")
    assert "mailerdaemon" in names
    assert "mailer-daemon" not in names
    assert all(name.isalnum() and name == name.lower() for name in names)


def test_a_file_adds_names_and_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "reserved.txt"
    path.write_text("\ufeff# ours\nThe-Boss  # never\n\r\nceo\n", encoding="utf-8")
    names = builtin_and_configured(str(path))
    assert names >= {"theboss", "ceo"} | builtin_and_configured(None)
    path.write_text("cfo\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    names = builtin_and_configured(str(path))
    assert "cfo" in names
    assert "ceo" not in names


def test_an_unchanged_file_is_read_once(tmp_path, monkeypatch):
    path = tmp_path / "reserved.txt"
    path.write_text("ceo\n", encoding="utf-8")
    first = builtin_and_configured(str(path))
    monkeypatch.setattr(reserved, "_names", lambda _: pytest.fail("read again"))
    assert builtin_and_configured(str(path)) == first


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only a comment\n\n",
        b"caf\xe9\n",
        "café\n".encode(),
        b"two words\n",
        b"boss@thexyz.com\n",
        b"...\n",
        b"boss\x00\n",
        b"a\n" * 500_001,
    ],
)
def test_a_list_that_cannot_be_trusted_gives_out_no_name(tmp_path, content):
    path = tmp_path / "reserved.txt"
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(Conflict) as caught:
            builtin_and_configured(str(path))
        assert caught.value.code == "reserved_list_unreadable"


@pytest.mark.parametrize("path", ["missing.txt", ".", "nul\x00", "/dev/null"])
def test_a_path_that_is_no_file(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Conflict) as caught:
        builtin_and_configured(path)
    assert caught.value.code == "reserved_list_unreadable"


def test_without_the_shipped_list_no_name_is_given_out(tmp_path, monkeypatch):
    reserved._builtin.cache_clear()
    monkeypatch.setattr(reserved, "files", lambda _: tmp_path)
    try:
        for path in (None, __file__):
            with pytest.raises(Conflict) as caught:
                builtin_and_configured(path)
            assert caught.value.code == "reserved_list_unreadable"
    finally:
        reserved._builtin.cache_clear()
