"""Starts and stops the engine inside the serving process.

One engine a data directory: a second process with the same executor id would run the
first one's jobs again, so a lock file decides, and who does not get it serves only.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from django.conf import settings

logger = logging.getLogger(__name__)
# Bump with a drain only: an engine of another version resumes nothing.
APPLICATION_VERSION = "1"
_lock: IO[str] | None = None


def heartbeat() -> datetime | None:
    """Return when the sweep last ran, or None when it never did."""
    from housemail.background.workflows import heartbeat_path

    path = heartbeat_path()
    if not path.exists():
        return None
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def _sqlite_engine(path: Path) -> sa.Engine:
    """Return an engine with WAL and waiting writers; the default has neither."""
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"timeout": 20, "check_same_thread": False}
    )

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, record: object) -> None:
        del record
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


def _take_lock() -> bool:
    """Hold the data directory's engine lock until this process ends."""
    global _lock
    directory = Path(settings.HOUSEMAIL_DATA_DIR)
    directory.mkdir(parents=True, exist_ok=True)
    handle = (directory / "engine.lock").open("w", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return False
    _lock = handle
    return True


def start_once() -> bool:
    """Start the engine in this process; False when it or another one runs it."""
    if _lock is not None or not _take_lock():
        logger.info("the engine runs already; this process serves only")
        return False
    from dbos import DBOS, DBOSPortableJSONSerializer

    from housemail.background import workflows

    config: dict[str, Any] = {
        "name": "housemail",
        "executor_id": "main",
        "application_version": APPLICATION_VERSION,
        "log_level": "WARNING",
        "console_log_level": "WARNING",
        "serializer": DBOSPortableJSONSerializer(),
        "max_executor_threads": 16,
        "scheduler_polling_interval_sec": 5.0,
    }
    url = settings.HOUSEMAIL_ENGINE_DATABASE_URL
    if url:
        config["system_database_url"] = url
    else:
        path = Path(settings.HOUSEMAIL_DATA_DIR) / "engine.sqlite3"
        config["system_database_url"] = f"sqlite:///{path}"
        config["system_database_engine"] = _sqlite_engine(path)
    DBOS(config=config)  # type: ignore[arg-type]
    DBOS.launch()
    DBOS.register_queue(workflows.QUEUE, worker_concurrency=8, polling_interval_sec=0.5)
    seconds = settings.HOUSEMAIL_SWEEP_SECONDS
    sweep = f"*/{seconds} * * * * *" if seconds < 60 else f"0 */{seconds // 60} * * * *"
    DBOS.apply_schedules(
        [
            {
                "schedule_name": "sweep",
                "workflow_fn": workflows.sweep_workflow,
                "schedule": sweep,
            },
            {
                "schedule_name": "housekeeping",
                "workflow_fn": workflows.housekeeping_workflow,
                "schedule": "0 * * * * *",
            },
            {
                "schedule_name": "nightly",
                "workflow_fn": workflows.nightly_workflow,
                "schedule": "0 17 2 * * *",
            },
        ]
    )
    workflows.install_hints()
    return True


def stop() -> None:
    """Stop the engine of this process, if it runs here."""
    global _lock
    if _lock is None:
        return
    from dbos import DBOS

    from housemail.background import workflows

    workflows.remove_hints()
    DBOS.destroy(workflow_completion_timeout_sec=5)
    _lock.close()
    _lock = None
