"""Each test starts with no attempt counted."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    cache.clear()
