"""Installing into a WHMCS: nothing else is touched, and it is safe to repeat."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from housemail.ops.whmcs import advice, connection, install, placing, tree
from housemail.ops.whmcs.install import State, Wish
from tests.whmcs.conftest import (
    NOBODY,
    Site,
    make_site,
    module_files,
    needs_root,
    own,
)

KEY = "hm_0123456789ab_" + "k" * 43
OTHER_KEY = "hm_ba9876543210_" + "o" * 43
NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


def put(site: Site, version: str = "1", key: str = KEY, **wish) -> install.Plan:
    """Plan and carry out; return the plan."""
    planned = install.plan(tree.find(site.root), module_files(version), Wish(**wish))
    install.apply(planned, lambda: key, NOW)
    return planned


def states(plan: install.Plan) -> set[State]:
    return {*(step.state for step in plan.steps), plan.connection.state}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_time_everything_is_created_and_nothing_else_touched(site) -> None:
    before = site.files()
    assert states(put(site)) == {State.CREATED}
    after = site.files()
    assert {name: after[name] for name in before} == before
    expected = {
        f"modules/servers/thexyz_polarismail/{f.path}" for f in module_files("1")
    }
    expected.add("includes/hooks/thexyz_polarismail_ui_overrides.php")
    assert set(after) - set(before) == expected
    assert site.hook.read_bytes() == (site.module / "hooks.php").read_bytes()
    assert site.backups() == []


def test_the_connection_is_outside_of_the_web_root_and_for_its_owner_only(site) -> None:
    before = os.umask(0o000)
    try:
        put(site, url="https://housemail.example.com", ca_file="/etc/o'brien.pem")
    finally:
        os.umask(before)
    assert mode(site.connection_file) == 0o600
    assert connection.read(site.connection_file) == connection.Connection(
        "https://housemail.example.com", KEY, "/etc/o'brien.pem"
    )
    assert KEY.encode() not in b"".join(site.files().values())


def test_modes_do_not_hang_on_the_umask(site) -> None:
    before = os.umask(0o077)
    try:
        put(site)
    finally:
        os.umask(before)
    assert mode(site.module) == mode(site.module / "lib") == 0o755
    assert mode(site.module / "lib/lists.php") == mode(site.hook) == 0o644


def test_the_second_time_nothing_is_written(site) -> None:
    put(site)
    stamps = {p: p.stat().st_mtime_ns for p in site.root.parent.rglob("*")}
    assert states(put(site, key=OTHER_KEY)) == {State.UNCHANGED}
    assert {p: p.stat().st_mtime_ns for p in site.root.parent.rglob("*")} == stamps
    assert connection.read(site.connection_file).key == KEY


def test_an_upgrade_keeps_settings_key_and_what_is_not_ours(site) -> None:
    put(site, url="https://housemail.example.com")
    settings = site.connection_file.read_bytes()
    (site.module / "config.php").write_text("<?php // mine\n")
    (site.module / "lang/dutch.php").write_text("<?php // mine too\n")
    old = site.files()
    planned = put(site, "2", key=OTHER_KEY)
    assert states(planned) == {State.UPDATED, State.KEPT, State.UNCHANGED}
    assert site.connection_file.read_bytes() == settings
    assert (site.module / "config.php").read_text() == "<?php // mine\n"
    assert (site.module / "lang/dutch.php").read_text() == "<?php // mine too\n"
    assert b"// 2 " in (site.module / "thexyz_polarismail.php").read_bytes()
    (backup,) = site.backups()
    assert backup.name == "housemail-whmcs-backup-20260501T030000Z"
    assert mode(backup) == 0o700
    kept = {
        str(path.relative_to(backup)): path.read_bytes()
        for path in backup.rglob("*")
        if path.is_file()
    }
    assert kept == {
        name: content for name, content in old.items() if b"// 1 " in content
    }


def test_two_upgrades_in_one_second_have_two_backups(site) -> None:
    for version in "123":
        put(site, version)
    assert len(site.backups()) == 2


def test_a_new_key_replaces_the_old_one_and_the_old_file_is_kept(site) -> None:
    put(site, url="https://housemail.example.com")
    before = site.connection_file.read_bytes()
    planned = put(site, key=OTHER_KEY, new_key=True)
    assert planned.connection.state is State.UPDATED
    found = connection.read(site.connection_file)
    assert (found.key, found.url) == (OTHER_KEY, "https://housemail.example.com")
    (backup,) = site.backups()
    assert (backup / "housemail-whmcs.php").read_bytes() == before
    assert mode(backup / "housemail-whmcs.php") == 0o600


def test_a_new_address_keeps_the_key(site) -> None:
    put(site)
    put(site, key=OTHER_KEY, url="https://new.example.com")
    found = connection.read(site.connection_file)
    assert (found.key, found.url) == (KEY, "https://new.example.com")


def test_the_config_in_the_modules_folder_counts_when_it_is_the_only_one(site) -> None:
    site.module.mkdir()
    text = f"<?php return ['url' => 'https://a.example', 'key' => '{KEY}'];"
    (site.module / "config.php").write_text(text)
    planned = put(site, key=OTHER_KEY)
    assert planned.connection.state is State.KEPT
    assert not site.connection_file.exists()
    put(site, url="https://b.example")
    assert connection.read(site.connection_file).key == KEY
    assert (site.module / "config.php").read_text() == text


def test_a_named_connection_file_counts_before_the_others(site, tmp_path) -> None:
    put(site)
    named = tmp_path / "private/hm.php"
    planned = put(site, key=OTHER_KEY, named=named)
    assert planned.connection.target == named
    assert connection.read(named).key == KEY
    assert mode(named) == 0o600
    assert put(site, named=named).connection.state is State.UNCHANGED


def test_a_connection_file_that_says_nothing_is_not_replaced(site) -> None:
    site.connection_file.write_text("<?php return [];")
    with pytest.raises(connection.ConnectionFileError, match="names no url and key"):
        put(site)
    assert not site.module.exists()


def test_a_connection_in_the_web_root_is_warned_of(site) -> None:
    site.module.mkdir()
    text = f"<?php return ['url' => 'https://a.example', 'key' => '{KEY}'];"
    (site.module / "config.php").write_text(text)
    (site.module / "config.php").chmod(0o600)
    (sentence,) = advice.warnings(put(site), None)
    assert "inside the web root. Better move it" in sentence


def test_a_file_that_whmcs_could_not_read_is_warned_of(site, monkeypatch) -> None:
    planned = install.plan(tree.find(site.root), module_files("1"), Wish())
    assert list(advice.warnings(planned, None)) == []
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 4321)
    (sentence,) = advice.warnings(planned, None)
    assert f"run as another user (id {os.getuid()})" in sentence


def test_without_the_hook(site) -> None:
    planned = install.plan(
        tree.find(site.root), module_files("1"), Wish(), with_hook=False
    )
    install.apply(planned, lambda: KEY, NOW)
    assert not site.hook.exists()
    assert (site.module / "hooks.php").exists()


@pytest.mark.parametrize("name", ["a b/Kundenportal Ä é", "quote'd [x]*", "-dash"])
def test_paths_with_blanks_and_other_letters(tmp_path, name) -> None:
    site = make_site(tmp_path / name)
    put(site)
    assert states(put(site, "2")) == {State.UPDATED, State.UNCHANGED}
    assert not list(site.root.rglob("*draft*"))


def test_a_link_to_whmcs_leads_to_the_real_one(site, tmp_path) -> None:
    """PHP resolves links in what it calls its root, so the file must be beside that."""
    link = tmp_path / "htdocs/shop"
    link.parent.mkdir()
    link.symlink_to(site.root)
    put(Site(link))
    assert site.connection_file.exists()
    assert list(link.parent.iterdir()) == [link]


def test_a_hook_copy_that_is_a_link_becomes_a_file(site, tmp_path) -> None:
    mine = tmp_path / "mine.php"
    mine.write_text("<?php // mine\n")
    site.hook.symlink_to(mine)
    put(site)
    assert not site.hook.is_symlink()
    assert mine.read_text() == "<?php // mine\n"
    (backup,) = site.backups()
    copy = backup / "includes/hooks" / site.hook.name
    assert copy.read_text() == "<?php // mine\n"


def test_drafts_of_a_killed_run_are_swept_away(site) -> None:
    put(site)
    name = f".lists.php{placing._DRAFT}0000"
    (site.module / "lib" / name).write_text("half")
    planned = put(site, "2")
    assert State.KEPT not in states(planned)
    assert not list(site.root.rglob("*draft*"))


def kill_after(count: int, site: Site, version: str) -> bool:
    """Install in a child that dies at its n-th write or rename; was it killed?"""
    child = os.fork()
    if child == 0:
        left = [count]

        def dying(real):
            def call(*arguments, **more):
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)
                return real(*arguments, **more)

            return call

        os.fsync = dying(os.fsync)
        Path.replace = dying(Path.replace)  # type: ignore[method-assign]
        try:
            put(site, version, key=OTHER_KEY, url="https://new.example.com")
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_kill_at_any_moment_leaves_whole_files_and_a_repeat_mends_it(
    tmp_path,
) -> None:
    count, killed = 0, True
    while killed:
        site = make_site(tmp_path / str(count) / "whmcs")
        put(site, "1")
        old = site.files()
        killed = kill_after(count, site, "2")
        now = site.files()
        for name, content in old.items():
            new = content.replace(b"// 1 ", b"// 2 ")
            assert now[name] in {content, new}, (count, name)
        main = "modules/servers/thexyz_polarismail/thexyz_polarismail.php"
        if b"// 2 " in now[main]:
            library = [now[name] for name in now if "/lib/" in name or "/lang/" in name]
            assert all(b"// 1 " not in text for text in library)
        assert connection.read(site.connection_file).key == KEY
        put(site, "2", url="https://new.example.com")
        assert not list(site.root.parent.rglob("*draft*"))
        assert all(b"// 1 " not in text for text in site.files().values())
        count += 1
    assert count > 2 * len(module_files("1"))


def test_a_full_disk_changes_nothing(site, monkeypatch) -> None:
    put(site)
    before = site.files()
    calls = []

    def full(_: int) -> None:
        calls.append(1)
        if len(calls) == 5:
            raise OSError(28, "No space left on device", "lists.php")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(install.InstallError, match=r"No space left.*Nothing was chang"):
        put(site, "2")
    assert site.files() == before


def test_a_disk_that_fails_half_way_is_said_and_a_repeat_goes_on(
    site, monkeypatch
) -> None:
    put(site)
    real, calls = Path.replace, []

    def failing(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(5, "Input/output error", str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(install.InstallError, match=r"Stopped half-way.*Input/output"):
        put(site, "2")
    put(site, "2")
    assert all(b"// 1 " not in text for text in site.files().values())
    assert not list(site.root.rglob("*draft*"))


def test_no_key_is_made_for_a_tree_that_cannot_be_written(site, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "lib/lists.php")

    monkeypatch.setattr(placing.Staging, "add", refuse)
    planned = install.plan(tree.find(site.root), module_files("1"), Wish())
    made: list[str] = []
    with pytest.raises(install.InstallError, match="Permission denied"):
        install.apply(planned, lambda: made.append(KEY) or KEY, NOW)  # type: ignore[func-returns-value]
    assert made == []


@needs_root
def test_root_gives_the_files_to_those_who_own_whmcs(reachable) -> None:
    own(reachable.root, NOBODY)
    put(reachable)
    made = [reachable.hook, reachable.module, *reachable.module.rglob("*")]
    for path in [*made, reachable.connection_file]:
        assert path.stat().st_uid == path.stat().st_gid == NOBODY, path
    assert mode(reachable.connection_file) == 0o600


@needs_root
def test_code_is_its_owners_and_the_connection_is_phps(reachable) -> None:
    """A hardened host: PHP may not write the code that it runs."""
    os.chown(reachable.root / "configuration.php", NOBODY, NOBODY)
    put(reachable)
    assert reachable.module.stat().st_uid == 0
    assert reachable.connection_file.stat().st_uid == NOBODY


@needs_root
def test_a_link_in_somebody_elses_tree_does_not_lead_root_astray(reachable) -> None:
    secret = reachable.root.parent.parent / "etc"
    secret.mkdir(mode=0o700)
    (secret / "lists.php").write_text("root only")
    reachable.module.mkdir()
    (reachable.module / "lib").symlink_to(secret)
    own(reachable.root, NOBODY)
    with pytest.raises(install.InstallError, match="Permission denied"):
        put(reachable)
    assert (secret / "lists.php").read_text() == "root only"
    assert (os.geteuid(), os.getegid()) == (0, 0)


@needs_root
def test_a_read_only_tree_is_a_sentence(reachable) -> None:
    """Root may write everywhere, so it is a user of low rank who tries."""
    before = reachable.files()
    planned = install.plan(tree.find(reachable.root), module_files("1"), Wish())
    os.seteuid(NOBODY)
    try:
        with pytest.raises(install.InstallError, match="Permission denied") as caught:
            install.apply(planned, lambda: KEY, NOW)
    finally:
        os.seteuid(0)
    assert re.search(r"as root or as the owner of WHMCS", str(caught.value))
    assert reachable.files() == before
    assert not reachable.connection_file.exists()
