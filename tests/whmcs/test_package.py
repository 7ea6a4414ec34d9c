"""``housemail whmcs package``: what is in the archive, and that it never differs."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from housemail.ops.whmcs import module, packaging
from tests.whmcs.conftest import MODULE, ROOT, module_files

# What the sheet does not list. A new file of the module is added here, on purpose.
OURS = {
    *("config.example.php", "whmcs.json", "logo.png", "lib/.htaccess"),
    *("assets/thexyz_polarismail.css", "assets/thexyz_polarismail.js"),
    *(
        f"lib/{name}.php"
        for name in (
            *("answer", "autoload", "bridge", "cart", "changes", "commands", "hooks"),
            *("modulelog", "page", "params", "records", "staff", "tables", "texts"),
        )
    ),
    *(
        f"templates/{name}.tpl"
        for name in (
            *("aliases", "overview", "password", "webmail"),
            *("partials/billing", "partials/hidden", "partials/limit"),
        )
    ),
    *(
        f"lang/{name}.php"
        for name in ("german", "french", "spanish", "portuguese-br", "indonesian")
    ),
}
KEY = "hm_0123456789ab_" + "s" * 43


def sheet_files() -> set[str]:
    """The final paths that the sheet shows, inside the module's folder."""
    text = (ROOT / "docs/product-sheet.txt").read_text("utf-8")
    found = re.findall(
        r"^ ?/modules/servers/thexyz_polarismail/(\S+)$", text, re.MULTILINE
    )
    return set(found)


def write(folder: Path, name: str, text: str = "<?php\n") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small module on disk."""
    for file in module_files("1"):
        write(tmp_path / "module", str(file.path))
    return tmp_path / "module"


def test_the_list_in_the_code_is_the_sheets() -> None:
    assert {str(path) for path in module.SHEET_FILES} == sheet_files()


def test_the_archive_unzips_to_the_sheets_final_paths(housemail, tmp_path) -> None:
    target = tmp_path / "out.zip"
    ended = housemail("package", "-o", str(target))
    assert ended.code == 0
    assert f"Wrote {target}: " in ended.text
    assert "Next: unzip it and upload the folder thexyz_polarismail" in ended.text
    servers = tmp_path / "modules/servers"
    with zipfile.ZipFile(target) as archive:
        archive.extractall(servers)
    for name in sheet_files() | OURS:
        shipped = servers / "thexyz_polarismail" / name
        assert shipped.read_bytes() == (MODULE / name).read_bytes()


def test_the_sheets_files_and_ours_are_shipped_and_nothing_else(
    housemail, tmp_path
) -> None:
    target = tmp_path / "out.zip"
    housemail("package", "-o", str(target))
    with zipfile.ZipFile(target) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    wanted = {f"thexyz_polarismail/{name}" for name in sheet_files() | OURS}
    assert names == wanted | {"README.txt"}


def test_two_archives_are_the_same_bytes(tmp_path, folder) -> None:
    first = packaging.archive(module.read(folder))
    for path in folder.rglob("*"):
        path.touch()
        path.chmod(0o700)
    assert packaging.archive(module.read(folder)) == first


def test_modes_times_and_order_are_fixed(tmp_path) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(packaging.archive(module_files("1")))
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert "thexyz_polarismail/templates/partials/" in names
    for entry in entries:
        mode = entry.external_attr >> 16
        assert stat.S_IMODE(mode) == (0o755 if entry.is_dir() else 0o644)
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_readme_has_ten_lines_and_names_both_places() -> None:
    lines = packaging.README.splitlines()
    assert len(lines) == 10
    assert all(len(line) <= 88 for line in lines)
    assert "/includes/hooks/thexyz_polarismail_ui_overrides.php" in packaging.README
    assert "/modules/servers/" in packaging.README


def test_settings_and_dot_files_stay_at_home(folder) -> None:
    write(folder, "config.php", f"<?php return ['key' => '{KEY}'];")
    write(folder, ".git/config", KEY)
    write(folder, "lib/.params.php.swp", KEY)
    paths = {str(file.path) for file in module.read(folder)}
    assert paths == {str(file.path) for file in module_files("1")}
    assert "lib/.htaccess" in paths


def test_a_config_in_a_folder_below_is_not_the_settings(folder) -> None:
    write(folder, "lib/config.php")
    found = {file.path for file in module.read(folder)}
    assert PurePosixPath("lib/config.php") in found


@pytest.mark.parametrize("name", sorted(map(str, module.SHEET_FILES)))
def test_without_a_file_of_the_sheet_there_is_no_archive(folder, name) -> None:
    (folder / name).unlink()
    with pytest.raises(module.ModuleError, match=re.escape(name)):
        module.read(folder)


def test_a_key_anywhere_stops_it_and_is_not_repeated(folder) -> None:
    write(folder, "lib/bridge.php", f"<?php // {KEY}")
    with pytest.raises(module.ModuleError, match=r"bridge\.php holds a key") as caught:
        module.read(folder)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", ["lib/lists.php.bak", "notes.txt", "lib/old.php~"])
def test_what_an_editor_left_behind_is_not_shipped(folder, name) -> None:
    write(folder, name)
    with pytest.raises(module.ModuleError, match="is no file of a WHMCS module"):
        module.read(folder)


def test_a_link_is_not_shipped(folder, tmp_path) -> None:
    write(tmp_path, "elsewhere.php")
    (folder / "lib/linked.php").symlink_to(tmp_path / "elsewhere.php")
    with pytest.raises(module.ModuleError, match="is no file of a WHMCS module"):
        module.read(folder)


def test_a_module_that_cannot_be_shipped_is_a_sentence(
    housemail, monkeypatch, tmp_path, folder
) -> None:
    (folder / "lib/lists.php").unlink()
    monkeypatch.setattr(module.read, "__defaults__", (folder,))
    ended = housemail("package", "-o", str(tmp_path / "out.zip"))
    assert ended.code == 1
    assert "lacks lib/lists.php" in ended.text
    assert not (tmp_path / "out.zip").exists()


def test_a_folder_as_target_gets_the_usual_name(housemail, tmp_path) -> None:
    assert housemail("package", "-o", str(tmp_path)).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["thexyz_polarismail.zip"]


def test_a_target_nowhere_is_a_sentence(housemail, tmp_path) -> None:
    ended = housemail("package", "-o", str(tmp_path / "no/where.zip"))
    assert (ended.code, "There is no folder" in ended.text) == (2, True)
    assert not (tmp_path / "no").exists()


def test_a_target_that_cannot_be_written_is_a_sentence(
    housemail, tmp_path, monkeypatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ended = housemail("package", "-o", str(tmp_path / "out.zip"))
    assert (ended.code, "cannot be written: No space left" in ended.text) == (1, True)
    assert list(tmp_path.iterdir()) == []
