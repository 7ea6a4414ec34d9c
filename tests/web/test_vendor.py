"""Style sheets that are not ours are what the manifest says, and complete."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "housemail/web/static"
MANIFEST = json.loads((ROOT / "housemail/web/vendor.json").read_text(encoding="utf-8"))


def test_vendored_files_are_those_of_the_manifest_and_no_others() -> None:
    listed = {
        ROOT / entry["folder"] / name: digest
        for entry in MANIFEST
        for name, digest in entry["sha256"].items()
    }
    found = {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "LICENSE"
    }
    assert found == listed
    assert listed


def test_each_package_is_pinned_and_brings_its_licence() -> None:
    for entry in MANIFEST:
        licence = (ROOT / entry["folder"] / "LICENSE").read_text(encoding="utf-8")
        assert "Copyright" in licence
        assert entry["integrity"].startswith("sha512-")
        assert entry["version"] in (ROOT / "scripts/assets.py").read_text("utf-8")


def test_packed_style_sheets_are_the_plain_ones() -> None:
    packed = sorted(STATIC.rglob("*.gz"))
    assert packed
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_nothing_names_a_file_elsewhere() -> None:
    for path in STATIC.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path
        addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
        assert [url for url in addresses if not url.startswith("data:")] == [], path
        assert "@import" not in text, path


def test_pages_are_served_the_packed_style_sheet(client, db) -> None:
    answer = client.get(
        "/static/vendor/tabler/tabler.min.css", headers={"Accept-Encoding": "gzip"}
    )
    answer.close()
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) < 100_000
