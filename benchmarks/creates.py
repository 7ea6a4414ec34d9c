"""64 creates at a time against a platform 200 ms away, ours against the bare client.

Both make the same two platform calls a mailbox (searchUsers, addUser) against the same
emulator, one after the other in one run; the ratio is what counts, not the seconds.

    .venv/bin/python benchmarks/creates.py [--creates 512] [--at-once 64]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import urllib3

ROOT = Path(__file__).resolve().parent.parent
LATENCY_SECONDS = 0.2
PASSWORD = "Bench-mark-horse-1"


@contextmanager
def demo(threads: int) -> Iterator[dict[str, object]]:
    """The demo service and its emulator, with as many threads as are needed."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "housemail",
                "demo",
                "--json",
                "--port=0",
                "--emulator-port=0",
                f"--data-dir={folder}",
            ],
            cwd=ROOT,
            env={**os.environ, "HOUSEMAIL_THREADS": str(threads)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(30)


def post(pool: urllib3.PoolManager, url: str, **form: str) -> dict[str, object]:
    """Send one form to the platform as the bare client does."""
    answer = pool.request(
        "POST",
        url,
        body=urlencode(form),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        retries=False,
    )
    return json.loads(answer.data)


def timed(count: int, at_once: int, work: Callable[[int], None]) -> float:
    """Return creations per second."""
    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(work, range(count)))
    return count / (time.perf_counter() - started)


def control(ready: dict[str, object], path: str, body: dict[str, object]) -> None:
    """Tell the emulator something."""
    url = f"{str(ready['emulator']).rstrip('/')}/{path}"
    urllib3.request("POST", url, json=body)


def main() -> None:
    """Run both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--creates", type=int, default=512)
    parser.add_argument("--at-once", type=int, default=64)
    options = parser.parse_args()
    at_once = options.at_once
    with demo(threads=at_once * 2) as ready:
        server = ready["server"]
        assert isinstance(server, dict)
        control(ready, "switch", {"name": "latency", "seconds": LATENCY_SECONDS})
        pool = urllib3.PoolManager(maxsize=at_once, block=True)
        token = str(
            post(
                pool,
                server["endpoint"],
                action="login",
                username=server["username"],
                password=server["password"],
            )["returndata"]
        )

        def bare(index: int) -> None:
            name = f"bare{index}"
            post(
                pool,
                server["endpoint"],
                action="searchUsers",
                token=token,
                domain="thexyz.com",
                search=name,
                slicing="1",
                offset="0",
                limit="100",
            )
            answer = post(
                pool,
                server["endpoint"],
                action="addUser",
                token=token,
                username=name,
                domain="thexyz.com",
                account_type="1",
                password=PASSWORD,
                quota="25",
                uname="",
                twofa_allowed="1",
                user_language="en",
            )
            assert answer["returncode"] == 1, answer

        ours_pool = urllib3.PoolManager(maxsize=at_once, block=True)
        failures: list[str] = []
        lock = threading.Lock()

        def ours(index: int) -> None:
            answer = ours_pool.request(
                "POST",
                f"{str(ready['api']).rstrip('/')}/services/b{index}/create",
                json={
                    "server": server,
                    "plan": ready["plan"],
                    "owner": {"id": str(index), "name": "Bench"},
                    "handle": f"ours{index}",
                    "domain": "thexyz.com",
                    "password": PASSWORD,
                },
                headers={"Authorization": f"Bearer {ready['api_key']}"},
                retries=False,
            )
            if answer.status != 200:
                with lock:
                    failures.append(answer.data.decode())

        ours(-1)  # the server is known and the domain calibrated, as in daily life
        rates = {"bare client": [], "housemail": []}  # type: dict[str, list[float]]
        for start in range(3):
            offset = start * options.creates
            rates["bare client"].append(
                timed(options.creates, at_once, lambda i, o=offset: bare(i + o))
            )
            rates["housemail"].append(
                timed(options.creates, at_once, lambda i, o=offset: ours(i + o))
            )
        for name, found in rates.items():
            print(f"{name}: {', '.join(f'{rate:.0f}' for rate in found)} creates/s")
        pairs = sorted(
            a / b for a, b in zip(rates["housemail"], rates["bare client"], strict=True)
        )
        print(f"ratio: {pairs[1]:.2f} (median of 3; wanted: at least 0.8)")
        print(f"failed: {len(failures)} {failures[:1]}")


if __name__ == "__main__":
    main()
