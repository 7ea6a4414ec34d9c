"""Is it a WHMCS, whose, and is the folder above it safe for a key?"""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from housemail.ops.whmcs import tree
from tests.whmcs.conftest import NOBODY, make_site, needs_root


def test_a_fresh_upload_without_configuration_is_one(site) -> None:
    (site.root / "configuration.php").unlink()
    assert tree.find(site.root).root == site.root


@pytest.mark.parametrize("name", ["modules/servers/cpanel", "includes/hooks"])
def test_a_folder_inside_names_the_one_that_was_meant(site, name) -> None:
    with pytest.raises(tree.TreeError, match=f"Did you mean {site.root}\\?"):
        tree.find(site.root / name)


def test_the_folder_above_names_the_one_that_was_meant(site) -> None:
    with pytest.raises(tree.TreeError, match=f"Did you mean {site.root}\\?"):
        tree.find(site.root.parent)


def test_anything_else_is_told_what_is_missing(tmp_path) -> None:
    (tmp_path / "init.php").touch()
    with pytest.raises(tree.TreeError, match="is no WHMCS: the folder modules/servers"):
        tree.find(tmp_path)
    (tmp_path / "init.php").unlink()
    (tmp_path / "modules/servers").mkdir(parents=True)
    with pytest.raises(tree.TreeError, match="is no WHMCS"):
        tree.find(tmp_path)


def test_a_folder_that_is_not_there(tmp_path) -> None:
    with pytest.raises(tree.TreeError, match="There is no folder"):
        tree.find(tmp_path / "nowhere")


def test_a_file_is_no_whmcs(tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(tree.TreeError):
        tree.find(tmp_path / "file")


@needs_root
def test_php_runs_as_the_owner_of_the_configuration(site) -> None:
    os.chown(site.root / "configuration.php", NOBODY, NOBODY)
    found = tree.find(site.root)
    assert (found.php_owner.uid, found.code_owner.uid) == (NOBODY, 0)


@needs_root
def test_a_named_user_runs_php(site) -> None:
    name = pwd.getpwuid(NOBODY).pw_name
    assert tree.find(site.root, name).php_owner.uid == NOBODY


def test_a_user_who_does_not_exist(site) -> None:
    with pytest.raises(tree.TreeError, match="no such user"):
        tree.find(site.root, "no-such-user-here")


@needs_root
def test_only_root_may_name_another_user(site) -> None:
    site.root.parent.parent.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(tree.TreeError, match=r"only root|cannot be read"):
            tree.find(site.root, "root")
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("name", ["public_html", "htdocs", "WWW"])
def test_a_folder_with_a_web_servers_name_is_served(tmp_path, name) -> None:
    (tmp_path / name).mkdir()
    assert tree.is_web_served(tmp_path / name)


@pytest.mark.parametrize("name", ["index.php", ".htaccess", "wp-config.php"])
def test_a_folder_with_a_web_servers_files_is_served(tmp_path, name) -> None:
    assert not tree.is_web_served(tmp_path)
    (tmp_path / name).touch()
    assert tree.is_web_served(tmp_path)


def test_a_blank_home_is_not_served(tmp_path: Path) -> None:
    site = make_site(tmp_path / "home/shop/whmcs")
    assert not tree.is_web_served(site.root.parent)
