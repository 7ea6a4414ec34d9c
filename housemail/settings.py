"""Environment to settings, checked at start. Every variable is in docs/settings.md.

Secrets come from the environment or from files of mode 0600 in the data directory,
which ``housemail`` makes at first start; they are never defaults in this file.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str) -> bool:
    value = _env(name, "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: use 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def _number(name: str, default: int, least: int, most: int) -> int:
    raw = _env(name, str(default))
    if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
        raise ImproperlyConfigured(
            f"{name} is {raw!r}: use a whole number from {least} to {most}."
        )
    return int(raw)


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in _env(name, default).split(",") if word.strip()]


def _proxies(name: str) -> list[str]:
    words = _words(name)
    for word in words:
        try:
            if word != "unix":
                ipaddress.ip_network(word)
        except ValueError as exc:
            raise ImproperlyConfigured(
                f"{name}: {word!r} is no address or network; use for example "
                "127.0.0.1 or 10.0.0.0/8, or `unix` for a proxy on a Unix socket."
            ) from exc
    return words


def _mail_hosts(name: str, default: str) -> list[dict[str, str | int]]:
    """Return how a mail program reaches a mailbox: protocol, host, port, security."""
    hosts: list[dict[str, str | int]] = []
    for word in _words(name, default):
        try:
            parts = urlsplit(word)
            protocol, _, security = parts.scheme.partition("+")
            host, port = parts.hostname, parts.port
        except ValueError:
            protocol, security, host, port = "", "", None, None
        known = protocol in {"imap", "pop3", "smtp"} and security in {"tls", "starttls"}
        if not known or not host or not port:
            raise ImproperlyConfigured(
                f"{name}: {word!r} is not understood; use for example "
                "imap+tls://imap.example.com:993 or smtp+starttls://HOST:587."
            )
        hosts.append(
            {
                "protocol": protocol.upper(),
                "host": host,
                "port": port,
                "security": "SSL/TLS" if security == "tls" else "STARTTLS",
            }
        )
    return hosts


def _secret(name: str, file_name: str) -> str:
    """Return a secret from the environment, else from the data directory's file."""
    value = _env(name)
    path = HOUSEMAIL_DATA_DIR / file_name
    if not value and path.is_file():
        value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set and {path} does not exist. Start through "
            "`bin/housemail`, which makes it, or set the variable."
        )
    return value


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for sqlite:///PATH, postgresql:// or mysql:// URLs."""
    parts = urlsplit(url)
    engines = {
        "sqlite": "django.db.backends.sqlite3",
        "postgresql": "django.db.backends.postgresql",
        "postgres": "django.db.backends.postgresql",
        "mysql": "django.db.backends.mysql",
        "mariadb": "django.db.backends.mysql",
    }
    if parts.scheme not in engines:
        raise ImproperlyConfigured(
            "HOUSEMAIL_DATABASE_URL: use sqlite:///PATH, postgresql://USER:PASSWORD@"
            "HOST/NAME or mysql://USER:PASSWORD@HOST/NAME."
        )
    engine = engines[parts.scheme]
    if parts.scheme == "sqlite":
        return {
            "ENGINE": engine,
            "NAME": unquote(parts.path.removeprefix("/")),
            # A claim is a row: no commit may be lost to a power cut, and a writer
            # waits for the other instead of failing with "database is locked".
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    options: dict[str, Any] = {}
    if engine.endswith("mysql"):
        import pymysql

        # Django asks for mysqlclient's version; PyMySQL speaks the same interface.
        pymysql.version_info = (2, 2, 7, "final", 0)
        pymysql.install_as_MySQLdb()
        # READ COMMITTED, as on PostgreSQL: a caller that waits must see commits.
        options = {"charset": "utf8mb4", "isolation_level": "read committed"}
    return {
        "ENGINE": engine,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


BASE_DIR = Path(__file__).resolve().parent.parent
HOUSEMAIL_DATA_DIR = Path(_env("HOUSEMAIL_DATA_DIR", str(BASE_DIR / "var" / "data")))

DEBUG = False
SECRET_KEY = _secret("HOUSEMAIL_SECRET_KEY", "secret_key")
HOUSEMAIL_ENCRYPTION_KEYS = [
    key.strip()
    for key in _secret("HOUSEMAIL_ENCRYPTION_KEYS", "encryption_keys")
    .replace("\n", ",")
    .split(",")
    if key.strip()
]
ALLOWED_HOSTS = _words("HOUSEMAIL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

ROOT_URLCONF = "housemail.urls"
WSGI_APPLICATION = "housemail.wsgi.application"
INSTALLED_APPS = [
    "housemail.people",
    "housemail.installations",
    "housemail.mailboxes",
    "housemail.modulelog",
    "housemail.ops",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "ninja",
]
MIDDLEWARE = [
    # First, so that every answer carries an id and our headers.
    "housemail.web.request_id.RequestIdMiddleware",
    "housemail.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
AUTH_USER_MODEL = "people.User"
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
]
DATABASES = {
    "default": _database(
        _env(
            "HOUSEMAIL_DATABASE_URL",
            f"sqlite:///{HOUSEMAIL_DATA_DIR / 'housemail.sqlite3'}",
        )
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt-br", "Português (Brasil)"),
    ("id", "Bahasa Indonesia"),
]
STATIC_URL = "/static/"
# Served from the packages they come in: there is no step that could be forgotten.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# No page is served over plain HTTP to the outside: TLS ends at the proxy in front.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = _flag("HOUSEMAIL_SSL_REDIRECT")
SECURE_HSTS_SECONDS = _number("HOUSEMAIL_HSTS_SECONDS", 31_536_000, 0, 63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = _flag("HOUSEMAIL_HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "no-referrer"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
# Each of these has its reason: TLS may end at a proxy (W008), subdomains and
# preload are the host's own decision (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

HOUSEMAIL_THREADS = _number("HOUSEMAIL_THREADS", 32, 2, 512)
HOUSEMAIL_ALLOW_LOCAL_PLATFORM = _flag("HOUSEMAIL_ALLOW_LOCAL_PLATFORM")
HOUSEMAIL_TRUSTED_PROXIES = _proxies("HOUSEMAIL_TRUSTED_PROXIES")
HOUSEMAIL_RESERVED_FILE = _env("HOUSEMAIL_RESERVED_FILE")
HOUSEMAIL_HOLD_HOURS = _number("HOUSEMAIL_HOLD_HOURS", 72, 1, 24 * 90)
HOUSEMAIL_QUARANTINE_DAYS = _number("HOUSEMAIL_QUARANTINE_DAYS", 30, 0, 3650)
HOUSEMAIL_DEADLINE_MS = _number("HOUSEMAIL_DEADLINE_MS", 25_000, 3_000, 120_000)
HOUSEMAIL_AVAILABILITY_PER_MINUTE = _number(
    "HOUSEMAIL_AVAILABILITY_PER_MINUTE", 30, 1, 10_000
)
HOUSEMAIL_INSTALLATION_PER_MINUTE = _number(
    "HOUSEMAIL_INSTALLATION_PER_MINUTE", 600, 1, 100_000
)
HOUSEMAIL_SWEEP_SECONDS = _number("HOUSEMAIL_SWEEP_SECONDS", 10, 1, 600)
HOUSEMAIL_ENGINE_DATABASE_URL = _env("HOUSEMAIL_ENGINE_DATABASE_URL")
HOUSEMAIL_ENDPOINTS = _words(
    "HOUSEMAIL_ENDPOINTS",
    "https://cfcp.emailarray.com/admin/json.php,https://cp.emailarray.com/admin/json.php",
)
HOUSEMAIL_LOCALISATION_NAMES = _words(
    "HOUSEMAIL_LOCALISATION_NAMES", "edituser_language,edittimezone,editdateformat"
)
HOUSEMAIL_PANEL_LOGIN_URL = _env(
    "HOUSEMAIL_PANEL_LOGIN_URL", "https://cp.emailarray.com/processlogin.php"
)
HOUSEMAIL_WEBMAIL_FORM_URL = _env("HOUSEMAIL_WEBMAIL_FORM_URL")
HOUSEMAIL_WEBMAIL_FORM_FIELDS = _words(
    "HOUSEMAIL_WEBMAIL_FORM_FIELDS", "username,otp,token"
)
HOUSEMAIL_WEBMAIL_HOSTS = _words("HOUSEMAIL_WEBMAIL_HOSTS", "*.emailarray.com")
HOUSEMAIL_MAIL_PROGRAM = _mail_hosts(
    "HOUSEMAIL_MAIL_PROGRAM",
    "imap+tls://imap.emailarray.com:993,pop3+tls://pop.emailarray.com:995,"
    "smtp+tls://smtp.emailarray.com:465",
)
HOUSEMAIL_FORCE_IPV4 = _flag("HOUSEMAIL_FORCE_IPV4")
HOUSEMAIL_LOG_LEVEL = _env("HOUSEMAIL_LOG_LEVEL", "INFO").upper()
if HOUSEMAIL_LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(
        "HOUSEMAIL_LOG_LEVEL: use DEBUG, INFO, WARNING or ERROR."
    )
for _name in ("HOUSEMAIL_LOCALISATION_NAMES", "HOUSEMAIL_WEBMAIL_FORM_FIELDS"):
    if len(globals()[_name]) != 3:
        raise ImproperlyConfigured(f"{_name}: give three names, with commas between.")

# Seconds after a lost answer at which a request looks again, and the engine after it
# (protocol 3.4); and when a send that is provably absent may be repeated.
HOUSEMAIL_LOOKS_IN_REQUEST = (1, 3, 7)
HOUSEMAIL_LOOKS_OF_ENGINE = (15, 30, 60, 120, 300)
HOUSEMAIL_ABSENT_AFTER_SECONDS = 120

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING_CONFIG = None
