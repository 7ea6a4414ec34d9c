"""Kind -> platform."""

from __future__ import annotations

import subprocess
import sys

import pytest

from housemail.platforms import registry
from housemail.platforms.registry import PlatformConfig

CONFIG = PlatformConfig()


def test_each_kind_builds_a_platform_of_its_kind_without_io() -> None:
    for kind in registry.kinds():
        platform = registry.connect(
            kind, "https://cp.emailarray.com/admin/json.php", "u", "p", config=CONFIG
        )
        assert platform.kind == kind
        assert "cp.emailarray.com/admin" not in repr(platform)


def test_only_the_memory_platform_is_harmless() -> None:
    harmless = {
        kind: registry.connect(
            kind, "https://cp.emailarray.com/", "u", "p", config=CONFIG
        ).harmless
        for kind in registry.kinds()
    }
    assert harmless == {"emailarray": False, "memory": True}


def test_an_unknown_kind_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="mailchimp"):
        registry.connect("mailchimp", "https://x", "u", "p", config=CONFIG)


def test_an_unsuitable_endpoint_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="endpoint"):
        registry.connect("emailarray", "http://example.org", "u", "p", config=CONFIG)


def test_no_platform_knows_django() -> None:
    code = (
        "import sys, housemail.platforms.registry;"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
