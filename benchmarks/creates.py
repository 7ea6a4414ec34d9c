"""64 creates at a time against a platform 200 ms away, ours against the bare client.

Both make the same two platform calls a mailbox (searchUsers, addUser) against the same
imitation, by turns in one run. What counts is the ratio, the median of the rounds; the
seconds of CPU say why, and depend less on what else the machine does. All of it runs
on this machine: the bare client shares it with the imitation, ours with the service as
well. What was found is in benchmarks/README.md.

    .venv/bin/python benchmarks/creates.py [--creates 512] [--at-once 64] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

ROOT = Path(__file__).resolve().parent.parent
LATENCY_SECONDS = 0.2
PASSWORD = "Bench-mark-horse-1"
# What the service has on its command line, and what the imitation has.
PROCESSES = {"service": "granian", "platform": "emulator"}
# Of CPU in two seconds, at most, by a service that is asked for nothing.
IDLE_SECONDS = 0.2


@contextmanager
def demo(threads: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The demo: its process id, and what it says of itself."""
    command = [sys.executable, "-m", "housemail"]
    with tempfile.TemporaryDirectory() as folder:
        data = f"--data-dir={folder}"
        process = subprocess.Popen(
            [*command, "demo", "--json", "--port=0", "--emulator-port=0", data],
            cwd=ROOT,
            env={**os.environ, "HOUSEMAIL_THREADS": str(threads)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            ready = json.loads(process.stdout.readline())
            # As a service has it by default; the demo's story switches it on.
            subprocess.run(
                [*command, "modulelog", "off"],
                cwd=ROOT,
                env={**os.environ, "HOUSEMAIL_DATA_DIR": folder},
                stdout=subprocess.DEVNULL,
                check=True,
            )
            yield process.pid, ready
        finally:
            process.terminate()
            process.wait(30)


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and theirs (Linux)."""
    found: list[int] = []
    for line in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in line.read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that processes have used so far (Linux)."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def processes(demo_pid: int) -> dict[str, list[int]]:
    """The processes of the service and of the imitation; none where /proc is not."""
    if not Path("/proc/self/stat").exists():
        return {}
    lines = {
        pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        for pid in descendants(demo_pid)
    }
    return {
        name: [pid for pid, line in lines.items() if word in line]
        for name, word in PROCESSES.items()
    }


def settle(pids: list[int]) -> None:
    """Wait until what the demo's story began has ended: its engine sends e-mails."""
    for _ in range(30):
        before = cpu_seconds(pids)
        time.sleep(2)
        if cpu_seconds(pids) - before < IDLE_SECONDS:
            return
    raise SystemExit("The service does not come to rest.")


@dataclass
class Platform:
    """The bare client: the platform's two calls and nothing else."""

    ready: dict[str, Any]
    at_once: int
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Log in and let the imitation be far away."""
        self._pool = urllib3.PoolManager(maxsize=self.at_once, block=True)
        server = self.ready["server"]
        login = {key: server[key] for key in ("username", "password")}
        self.token = self.post(action="login", **login)["returndata"]
        wish = {"name": "latency", "params": {"seconds": LATENCY_SECONDS}}
        url = f"{self.ready['emulator'].rstrip('/')}/switch"
        answer = urllib3.request("POST", url, json=wish)
        assert answer.status == 200, answer.data
        started = time.perf_counter()
        self.search("nobody")
        taken = time.perf_counter() - started
        assert LATENCY_SECONDS <= taken < LATENCY_SECONDS + 0.1, taken

    def post(self, **form: str) -> dict[str, Any]:
        """Send one form and return the answer."""
        answer = self._pool.request(
            "POST",
            self.ready["server"]["endpoint"],
            body=urlencode({"token": self.token, **form}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            retries=False,
        )
        found: dict[str, Any] = json.loads(answer.data)
        assert found["returncode"] == 1, found
        return found

    def search(self, name: str) -> None:
        """Look for a mailbox, as create does."""
        page = {"slicing": "1", "offset": "0", "limit": "100"}
        self.post(action="searchUsers", domain="thexyz.com", search=name, **page)

    def create(self, index: int) -> None:
        """Make one mailbox."""
        name = f"bare{index}"
        self.search(name)
        self.post(
            action="addUser",
            username=name,
            domain="thexyz.com",
            account_type="1",
            password=PASSWORD,
            quota="25",
            uname="",
            twofa_allowed="1",
            user_language="en",
        )


@dataclass
class Housemail:
    """The same through our billing API, as a billing system asks for it."""

    ready: dict[str, Any]
    at_once: int

    def __post_init__(self) -> None:
        """Sell some, so that the server is known and warm as in daily life."""
        self._pool = urllib3.PoolManager(maxsize=self.at_once, block=True)
        self.create(-1)
        timed(self.at_once, self.at_once, -1 - self.at_once, self.create)

    def create(self, index: int) -> None:
        """Make one mailbox."""
        answer = self._pool.request(
            "POST",
            f"{self.ready['api']}/services/b{index}/create",
            json={
                "server": self.ready["server"],
                "plan": self.ready["plan"],
                "owner": {"id": str(index), "name": "Bench"},
                "handle": f"ours{index}",
                "domain": "thexyz.com",
                "password": PASSWORD,
            },
            headers={"Authorization": f"Bearer {self.ready['api_key']}"},
            retries=False,
        )
        assert answer.status == 200, answer.data


def timed(count: int, at_once: int, first: int, work: Callable[[int], None]) -> float:
    """Return creates a second."""
    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(work, range(first, first + count)))
    return count / (time.perf_counter() - started)


def shown(name: str, rates: list[float], cpu: dict[str, float], count: int) -> str:
    """One line about one side."""
    found = ", ".join(f"{rate:.0f}" for rate in rates)
    spent = "; ".join(f"{who} {1000 * cpu[who] / count:.1f}" for who in cpu)
    return f"{name}: {found} creates/s; ms of CPU a create: {spent or 'unknown'}"


def main() -> None:
    """Run both by turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--creates", type=int, default=512)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    count, at_once = options.creates, options.at_once
    with demo(threads=at_once * 2) as (pid, ready):
        sides: dict[str, Platform | Housemail] = {
            "bare client": Platform(ready, at_once),
            "housemail": Housemail(ready, at_once),
        }
        pids = processes(pid)
        settle(pids.get("service", []))
        rates: dict[str, list[float]] = {name: [] for name in sides}
        cpu = {name: dict.fromkeys(pids, 0.0) for name in sides}
        for turn in range(options.rounds):
            for name, side in sides.items():
                before = {who: cpu_seconds(those) for who, those in pids.items()}
                rates[name].append(timed(count, at_once, turn * count, side.create))
                for who, those in pids.items():
                    cpu[name][who] += cpu_seconds(those) - before[who]
    for name, found in rates.items():
        print(shown(name, found, cpu[name], count * options.rounds))
    both = zip(rates["housemail"], rates["bare client"], strict=True)
    ratio = statistics.median(ours / bare for ours, bare in both)
    print(f"ratio: {ratio:.2f} (median of {options.rounds}; wanted: at least 0.8)")


if __name__ == "__main__":
    main()
