"""The command ``housemail whmcs install``: its words, its keys, its exit codes."""

from __future__ import annotations

import os
import re
import shutil
import socket

import pytest

from housemail.installations import keys
from housemail.installations.models import ApiKey, Installation
from housemail.ops.management.commands import whmcs
from housemail.ops.whmcs import connection, connection_test, module
from tests.whmcs.conftest import (
    NOBODY,
    make_site,
    module_files,
    needs_php,
    needs_root,
    own,
)

KEY = "hm_0123456789ab_" + "k" * 43


@pytest.fixture
def untested(monkeypatch) -> None:
    """What is written is looked at here; the hops have tests of their own below."""
    monkeypatch.setattr(connection_test, "run", lambda *_: iter(()))
    monkeypatch.setattr(module, "read", lambda: module_files("1"))


@pytest.fixture
def install(housemail, site):
    def install(*arguments: str):
        return housemail("install", str(site.root), *arguments)

    return install


@pytest.mark.usefixtures("untested", "db")
class TestWords:
    def test_each_file_is_said_and_the_key_is_not(self, install, site) -> None:
        ended = install()
        assert ended.code == 0
        for path in [site.module / "lib/lists.php", site.hook, site.connection_file]:
            assert f"created    {path}\n" in ended.text
        assert connection.read(site.connection_file).key not in ended.text
        assert "hm_" not in ended.text
        assert "Next, in WHMCS: System Settings > Servers" in ended.text

    def test_a_repeat_says_unchanged_and_makes_no_key(self, install) -> None:
        install()
        lines = install().text.splitlines()
        assert len(lines) == len(module_files("1")) + 3
        assert all(line.startswith("unchanged ") for line in lines[:-1])
        assert ApiKey.objects.count() == 1

    def test_dry_run_writes_nothing_and_makes_no_key(self, install, site) -> None:
        before = site.files()
        ended = install("--dry-run")
        assert "created " in ended.text
        assert ended.text.endswith("Nothing was written (--dry-run).\n")
        assert site.files() == before
        assert not site.connection_file.exists()
        assert not ApiKey.objects.exists()

    def test_the_key_may_do_all_the_module_needs(self, install, site) -> None:
        install()
        key = keys.verify(
            f"Bearer {connection.read(site.connection_file).key}", "127.0.0.1"
        )
        assert isinstance(key, ApiKey)
        assert key.permissions == ["read", "write", "adopt"]
        assert key.installation.name == f"WHMCS {site.root}"[:80]
        assert key.installation.kind == "whmcs"

    def test_the_installation_of_a_new_key_is_named(self, install) -> None:
        said = 'key        made for the installation "Shop"\n'
        assert said in install("--name", "Shop").text
        assert said not in install().text
        assert said in install("--new-key").text

    def test_a_new_key_is_of_the_same_installation(self, install) -> None:
        install("--name", "Shop")
        old = ApiKey.objects.get()
        ended = install("--new-key")
        assert Installation.objects.get().name == "Shop"
        assert ApiKey.objects.count() == 2
        assert f"housemail keys revoke {old.prefix}" in ended.text
        assert "holds what was replaced" in ended.text

    def test_two_whmcs_are_two_installations(self, housemail, tmp_path) -> None:
        for name in "ab":
            housemail("install", str(make_site(tmp_path / name / "whmcs").root))
        assert Installation.objects.count() == 2

    def test_a_key_of_another_machine_needs_no_record_here(
        self, install, site, tmp_path
    ) -> None:
        (tmp_path / "key").write_text(f"{KEY}\n")
        ended = install(
            *("--key-file", str(tmp_path / "key"), "--url", "https://hm.example.com")
        )
        assert ended.code == 0
        assert connection.read(site.connection_file).key == KEY
        assert not Installation.objects.exists()

    def test_the_shop_is_no_whmcs(self, install, site) -> None:
        Installation.objects.create(name="Shop", kind="shop")
        ended = install("--name", "Shop")
        assert (ended.code, "is of kind shop" in ended.text) == (2, True)
        assert not site.connection_file.exists()
        assert not site.module.exists() or not any(site.module.rglob("*.php"))

    def test_warns_of_a_folder_above_that_is_served(self, housemail, tmp_path) -> None:
        site = make_site(tmp_path / "public_html/whmcs")
        ended = housemail("install", str(site.root))
        assert "warning    " in ended.text
        assert f"{site.root.parent} seems to be served" in ended.text
        named = str(tmp_path / "private/hm.php")
        ended = housemail("install", str(site.root), "--connection-file", named)
        assert "seems to be served" not in ended.text
        assert f"HOUSEMAIL_WHMCS_CONFIG={named}" in ended.text

    def test_warns_of_a_key_that_everybody_can_read(self, install, site) -> None:
        install()
        site.connection_file.chmod(0o644)
        assert "Every user of this machine can read the key" in install().text

    def test_the_environment_names_the_connection_file(
        self, install, site, tmp_path, monkeypatch
    ) -> None:
        monkeypatch.setenv("HOUSEMAIL_WHMCS_CONFIG", str(tmp_path / "c.php"))
        install()
        assert (tmp_path / "c.php").exists()
        assert not site.connection_file.exists()


@pytest.mark.usefixtures("untested", "db")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--url", "http://h.example"], "--url http://h.example"),
        (["--key-file", "/no/such/file"], "--key-file /no/such/file cannot be read"),
        (["--ca-file", "/no/such/file"], "there is no such file"),
        (["--name", "x" * 81], "at most 80"),
        (["--php-user", "no-such-user-here"], "no such user"),
        (["--username", "admin"], "HOUSEMAIL_PLATFORM_PASSWORD"),
    ],
)
def test_what_is_wrong_writes_nothing(
    install, site, arguments, words, monkeypatch
) -> None:
    monkeypatch.delenv("HOUSEMAIL_PLATFORM_PASSWORD", raising=False)
    before = site.files()
    ended = install(*arguments)
    assert (ended.code, words in ended.text) == (2, True), ended.text
    assert site.files() == before
    assert not ApiKey.objects.exists()


@pytest.mark.usefixtures("untested", "db")
def test_what_is_no_whmcs_is_a_sentence(housemail, tmp_path) -> None:
    ended = housemail("install", str(tmp_path))
    assert (ended.code, "is no WHMCS" in ended.text) == (2, True)
    assert list(tmp_path.iterdir()) == []


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@needs_php
@pytest.mark.flow
class TestWithPhp:
    """The module that ships, run by PHP, against the service."""

    def test_all_is_well(self, install, site, service) -> None:
        ended = install("--url", service)
        assert ended.code == 0, ended.text
        assert "loads the module as Thexyz Mailboxes." in ended.text
        assert f"Connected to Housemail at {service}: key accepted." in ended.text

    def test_and_the_mail_platform(
        self, install, service, emulator, monkeypatch
    ) -> None:
        Installation.objects.create(name="Shop", endpoint_hosts=["127.0.0.1"])
        monkeypatch.setenv("HOUSEMAIL_PLATFORM_PASSWORD", emulator.password)
        host = emulator.endpoint.removesuffix("/admin/json.php")
        common = ["--url", service, "--name", "Shop", "--hostname", host]
        ended = install(*common, "--username", emulator.username)
        assert ended.code == 0, ended.text
        assert "the mail platform accepts the login" in ended.text
        ended = install(*common, "--username", "nobody")
        assert ended.code == 1
        assert "refused the user name or the password" in ended.text
        assert emulator.password not in ended.text

    @needs_root
    def test_php_runs_as_the_user_who_runs_whmcs(
        self, housemail, reachable, service
    ) -> None:
        own(reachable.root, NOBODY)
        arguments = ["install", str(reachable.root), "--url", service]
        assert housemail(*arguments).code == 0
        os.chown(reachable.connection_file, 0, 0)
        ended = housemail(*arguments)
        assert ended.code == 1
        assert ended.text.splitlines()[-1].startswith("fail ")
        assert "key accepted" not in ended.text

    def test_a_service_that_is_down(self, install, site, db) -> None:
        url = f"http://127.0.0.1:{closed_port()}"
        ended = install("--url", url)
        assert ended.code == 1
        assert re.search(rf"^fail .*{re.escape(url)}", ended.text, re.MULTILINE)
        assert site.hook.exists()

    def test_a_key_that_is_refused(self, install, site, service) -> None:
        install("--url", service)
        ApiKey.objects.all().delete()
        ended = install()
        assert (ended.code, "key" in ended.text.splitlines()[-1]) == (1, True)
        assert connection.read(site.connection_file).key not in ended.text
        assert install("--new-key").code == 0

    def test_a_file_that_is_broken(self, install, site, service, monkeypatch) -> None:
        real = module.read()
        broken = [
            module.ModuleFile(file.path, b"<?php this is no PHP")
            if file.path == module.MAIN
            else file
            for file in real
        ]
        monkeypatch.setattr(module, "read", lambda: broken)
        ended = install("--url", service)
        assert (ended.code, "does not load cleanly" in ended.text) == (1, True)

    def test_a_file_that_is_missing_is_named(self, install, service, monkeypatch):
        files = [file for file in module.read() if file.path.stem != "bridge"]
        monkeypatch.setattr(module, "read", lambda: files)
        ended = install("--url", service)
        assert ended.code == 1
        assert "thexyz_polarismail/lib/bridge.php is missing" in ended.text

    def test_a_file_that_prints_something(self, install, service, monkeypatch):
        """WHMCS reads Test Connection as JSON: a stray blank would break it."""
        files = [
            module.ModuleFile(file.path, b" " + file.content)
            if file.path.stem == "bridge"
            else file
            for file in module.read()
        ]
        monkeypatch.setattr(module, "read", lambda: files)
        ended = install("--url", service)
        assert (ended.code, "does not load cleanly" in ended.text) == (1, True)

    def test_a_php_that_does_not_run(self, install, db, monkeypatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: "/no/such/php")
        ended = install()
        assert ended.code == 1
        assert "/no/such/php does not run (FileNotFoundError)" in ended.text

    def test_a_named_connection_file_is_the_one_that_is_used(
        self, install, site, service, tmp_path
    ) -> None:
        site.connection_file.write_text("<?php return ['url' => 'https://no.example'")
        named = tmp_path / "private/hm.php"
        ended = install("--url", service, "--connection-file", str(named))
        assert ended.code == 2
        site.connection_file.unlink()
        assert install("--url", service, "--connection-file", str(named)).code == 0


@pytest.mark.flow
class TestWithoutPhp:
    """A machine without the program ``php``: Python asks, and says so."""

    @pytest.fixture(autouse=True)
    def _no_php(self, monkeypatch) -> None:
        monkeypatch.setattr(module, "read", lambda: module_files("1"))
        monkeypatch.setattr(shutil, "which", lambda _: None)

    def test_the_service_is_asked(self, install, service) -> None:
        ended = install("--url", service)
        assert ended.code == 0
        assert f"Connected to Housemail at {service}: key accepted." in ended.text
        assert "There is no `php` here" in ended.text

    def test_a_refused_key(self, install, service) -> None:
        install("--url", service)
        ApiKey.objects.all().delete()
        ended = install()
        assert (ended.code, "does not take the key" in ended.text) == (1, True)

    def test_something_else_answers(self, install, db, emulator) -> None:
        ended = install("--url", emulator.control_url)
        assert ended.code == 1
        assert "but not as Housemail" in ended.text

    def test_a_service_that_is_down(self, install, db) -> None:
        ended = install("--url", f"http://127.0.0.1:{closed_port()}")
        assert (ended.code, "does not answer at" in ended.text) == (1, True)


def test_a_host_of_the_vendor_is_the_default() -> None:
    assert Installation().endpoint_hosts[0] == whmcs.PLATFORM_HOST
