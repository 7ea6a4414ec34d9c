"""The harmless platform keeps the contract, and says that it is harmless."""

from __future__ import annotations

import logging

import pytest

from housemail.platforms import memory
from housemail.platforms.memory import Memory
from tests.platforms.contract import ANNA, STRONG, PlatformContract, soon


class TestMemory(PlatformContract):
    @pytest.fixture
    def platform(self) -> Memory:
        Memory.forget()
        return Memory("contract")

    def test_an_account_is_shared_by_the_whole_process(self, platform: Memory) -> None:
        platform.create_mailbox(ANNA, STRONG, soon())
        assert Memory("contract").read(ANNA.address, soon()) is not None
        assert Memory("another").read(ANNA.address, soon()) is None

    def test_it_says_once_that_nobody_gets_mail(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        memory._warned.clear()
        with caplog.at_level(logging.WARNING):
            Memory("one")
            Memory("two")
        assert caplog.text.count("keeps mail nowhere") == 1
        assert Memory.harmless
        assert "nothing is delivered" in (Memory.__doc__ or "")
