"""Logging: one JSON object per line, on standard error, redacted by name.

Everything of the standard library's logging takes the same way. Bodies of requests
are never logged: redaction goes by the names of keys, not by what values look like.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import structlog
from django.conf import settings

_SECRET_KEY = re.compile(
    r"password|passwd|passphrase|secret|token|otp|authorization|cookie|api_?key|fields"
    # These two are part of harmless words: by themselves only.
    r"|(?<![a-z])(?:pass|pwd)(?![a-z])",
    re.IGNORECASE,
)
# Our own keys, and any bearer header, wherever they stand in a text.
_SECRET_TEXT = re.compile(r"hm_[0-9a-f]{12}_[\w-]+|(?<=bearer )\S+", re.IGNORECASE)
# "Basic" is an account type too; only what decodes to "name:password" is a header.
_BASIC = re.compile(r"(?<=basic )[\w+/-]{4,}={0,2}", re.IGNORECASE)
_KEY = re.compile(r"[\w.-]{1,40}")
HIDDEN = "[redacted]"
_NAME = "housemail"
_DEEPEST = 20


def redact(value: object, depth: int = 0) -> object:
    """Return a value without what its keys call secret, at any depth."""
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if _SECRET_KEY.search(str(key)) else redact(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, tuple | list) and _is_secret_pair(value):
        value = (value[0], HIDDEN) if isinstance(value, tuple) else [value[0], HIDDEN]
    if isinstance(value, list | set | frozenset):
        return [redact(item, depth + 1) for item in value]
    if isinstance(value, tuple):
        return tuple(redact(item, depth + 1) for item in value)
    if isinstance(value, str):
        return _BASIC.sub(_without_login, _SECRET_TEXT.sub(HIDDEN, value))
    return value


def _is_secret_pair(value: Sequence[object]) -> bool:
    """Say whether this is a key and its value, as headers and forms are listed."""
    key = value[0] if len(value) == 2 else None
    return (
        isinstance(key, str)
        and _KEY.fullmatch(key) is not None
        and _SECRET_KEY.search(key) is not None
    )


def _without_login(found: re.Match[str]) -> str:
    text = found.group().rstrip("=")
    try:
        login = base64.urlsafe_b64decode(
            text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4)
        )
    except ValueError:
        return found.group()
    return HIDDEN if b":" in login else found.group()


def redact_event(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Redact a log line (a structlog processor)."""
    del logger, name
    clean = redact(dict(event))
    return dict(clean) if isinstance(clean, Mapping) else event


class _RedactArguments(logging.Filter):
    """Redacts the arguments of a standard record before they become its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, clean."""
        if isinstance(record.args, tuple):
            record.args = tuple(redact(item) for item in record.args)
        elif isinstance(record.args, Mapping):
            clean = redact(record.args)
            record.args = clean if isinstance(clean, Mapping) else None
        return True


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_event,
    ]


def configure(level: str = "") -> None:
    """Set up logging; a repeat replaces our own handler and touches no other."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.set_name(_NAME)
    handler.addFilter(_RedactArguments())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    for old in [found for found in root.handlers if found.get_name() == _NAME]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level or settings.HOUSEMAIL_LOG_LEVEL)
