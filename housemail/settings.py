"""Environment to settings, checked at start. Every variable is in docs/settings.md.

Secrets come from the environment or from files of mode 0600 in the data directory,
which ``housemail`` makes at first start; they are never defaults in this file.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from housemail import environment

BASE_DIR = Path(__file__).resolve().parent.parent
HOUSEMAIL_DATA_DIR = Path(
    environment.env("HOUSEMAIL_DATA_DIR", str(BASE_DIR / "var" / "data"))
)

DEBUG = False
SECRET_KEY = environment.secret(
    "HOUSEMAIL_SECRET_KEY", HOUSEMAIL_DATA_DIR / "secret_key"
)
HOUSEMAIL_ENCRYPTION_KEYS = [
    key.strip()
    for key in environment.secret(
        "HOUSEMAIL_ENCRYPTION_KEYS", HOUSEMAIL_DATA_DIR / "encryption_keys"
    )
    .replace("\n", ",")
    .split(",")
    if key.strip()
]
ALLOWED_HOSTS = environment.words(
    "HOUSEMAIL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"
)

ROOT_URLCONF = "housemail.urls"
WSGI_APPLICATION = "housemail.wsgi.application"
INSTALLED_APPS = [
    # Before those whose templates they replace.
    "housemail.web",
    "housemail.account",
    "housemail.customer",
    "housemail.console",
    "housemail.shop",
    "housemail.people",
    "housemail.installations",
    "housemail.mailboxes",
    "housemail.modulelog",
    "housemail.sales",
    "housemail.ops",
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    # First, so that every answer carries an id and our headers.
    "housemail.web.request_id.RequestIdMiddleware",
    "housemail.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "housemail.web.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "housemail.web.context.site",
            ]
        },
    }
]
DATABASES = {
    "default": environment.database(
        environment.env(
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
LOCALE_PATHS = [BASE_DIR / "housemail" / "locale"]
STATIC_URL = "/static/"
# Served from the packages they come in: there is no step that could be forgotten.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# What is not ours has its version in the address.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/"
# No page is served over plain HTTP to the outside: TLS ends at the proxy in front.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.flag("HOUSEMAIL_SSL_REDIRECT")
SECURE_HSTS_SECONDS = environment.number(
    "HOUSEMAIL_HSTS_SECONDS", 31_536_000, 0, 63_072_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HOUSEMAIL_HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
# Browsers keep such cookies on http://127.0.0.1 and http://localhost too.
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "housemail.web.errors.form_expired"
LANGUAGE_COOKIE_NAME = "housemail_language"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
# Each of these has its reason: TLS may end at a proxy (W008), subdomains and
# preload are the host's own decision (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

HOUSEMAIL_SITE_NAME = environment.env("HOUSEMAIL_SITE_NAME", "Housemail")
HOUSEMAIL_EMAIL_URL = environment.env("HOUSEMAIL_EMAIL_URL")
globals().update(
    environment.mail(HOUSEMAIL_EMAIL_URL or f"file://{HOUSEMAIL_DATA_DIR / 'mail'}")
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.env(
    "HOUSEMAIL_EMAIL_FROM", f"{HOUSEMAIL_SITE_NAME} <no-reply@localhost>"
)
# A link: where "write to us" leads.
HOUSEMAIL_CONTACT = environment.contact("HOUSEMAIL_CONTACT")
# A shop that can send asks for a code before an account counts; one that cannot yet
# may sell all the same.
HOUSEMAIL_CONFIRM_EMAIL = environment.flag(
    "HOUSEMAIL_CONFIRM_EMAIL", "1" if HOUSEMAIL_EMAIL_URL else "0"
)

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"django.contrib.auth.password_validation.{name}",
        "OPTIONS": options,
    }
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "customer:mailboxes"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "housemail.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if HOUSEMAIL_CONFIRM_EMAIL else "optional"
# A code keeps a buyer on the page; a link may open in another browser.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = HOUSEMAIL_CONFIRM_EMAIL
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "housemail.account.adapter.SecondFactorAdapter"
# Clocks differ, and typing takes a moment (RFC 6238 5.2: one step of 30 s).
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = not HOUSEMAIL_CONFIRM_EMAIL
# How the console looks and what its sidebar holds is the console's own matter.
UNFOLD = {
    "SITE_TITLE": HOUSEMAIL_SITE_NAME,
    "SITE_HEADER": HOUSEMAIL_SITE_NAME,
    "SITE_URL": "/",
    "SHOW_LANGUAGES": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "10px",
    "COLORS": "housemail.console.theme.colours",
    "STYLES": [
        "housemail.console.theme.style",
        "housemail.console.theme.desk_style",
    ],
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": "housemail.console.theme.icon",
        }
    ],
    "DASHBOARD_CALLBACK": "housemail.console.dashboard.cards",
    "ACCOUNT": {"navigation": "housemail.console.navigation.account"},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "housemail.console.navigation.sidebar",
    },
}

HOUSEMAIL_THREADS = environment.number("HOUSEMAIL_THREADS", 32, *environment.THREADS)
HOUSEMAIL_ALLOW_LOCAL_PLATFORM = environment.flag("HOUSEMAIL_ALLOW_LOCAL_PLATFORM")
HOUSEMAIL_TRUSTED_PROXIES = environment.proxies("HOUSEMAIL_TRUSTED_PROXIES")
HOUSEMAIL_ADDRESS_HEADER = environment.address_header("HOUSEMAIL_ADDRESS_HEADER")
HOUSEMAIL_RESERVED_FILE = environment.env("HOUSEMAIL_RESERVED_FILE")
HOUSEMAIL_HOLD_HOURS = environment.number("HOUSEMAIL_HOLD_HOURS", 72, 1, 24 * 90)
HOUSEMAIL_PUBLIC_URL = environment.public_url(
    "HOUSEMAIL_PUBLIC_URL", "http://127.0.0.1:8000"
)
HOUSEMAIL_HOW_TO_PAY = environment.lines("HOUSEMAIL_HOW_TO_PAY")
HOUSEMAIL_WEBHOOK_SECRET = environment.private_file(
    "HOUSEMAIL_WEBHOOK_SECRET", HOUSEMAIL_DATA_DIR / "webhook_secret"
)
HOUSEMAIL_SESSION_HOLD_MINUTES = environment.number(
    "HOUSEMAIL_SESSION_HOLD_MINUTES", 15, 1, 24 * 60
)
HOUSEMAIL_QUARANTINE_DAYS = environment.number("HOUSEMAIL_QUARANTINE_DAYS", 30, 0, 3650)
HOUSEMAIL_NAMES_ADDED_PER_DAY = environment.number(
    "HOUSEMAIL_NAMES_ADDED_PER_DAY", 0, 0, 10_000
)
HOUSEMAIL_DEADLINE_MS = environment.number(
    "HOUSEMAIL_DEADLINE_MS", 25_000, 3_000, 120_000
)
HOUSEMAIL_AVAILABILITY_PER_MINUTE = environment.number(
    "HOUSEMAIL_AVAILABILITY_PER_MINUTE", 30, 1, 10_000
)
HOUSEMAIL_INSTALLATION_PER_MINUTE = environment.number(
    "HOUSEMAIL_INSTALLATION_PER_MINUTE", 600, 1, 100_000
)
HOUSEMAIL_SWEEP_SECONDS = environment.number("HOUSEMAIL_SWEEP_SECONDS", 10, 1, 600)
HOUSEMAIL_ENGINE_DATABASE_URL = environment.env("HOUSEMAIL_ENGINE_DATABASE_URL")
HOUSEMAIL_ENDPOINTS = environment.words(
    "HOUSEMAIL_ENDPOINTS",
    "https://cfcp.emailarray.com/admin/json.php,https://cp.emailarray.com/admin/json.php",
)
HOUSEMAIL_LOCALISATION_NAMES = environment.words(
    "HOUSEMAIL_LOCALISATION_NAMES", "edituser_language,edittimezone,editdateformat"
)
HOUSEMAIL_PANEL_LOGIN_URL = environment.env(
    "HOUSEMAIL_PANEL_LOGIN_URL", "https://cp.emailarray.com/processlogin.php"
)
HOUSEMAIL_WEBMAIL_FORM_URL = environment.env("HOUSEMAIL_WEBMAIL_FORM_URL")
HOUSEMAIL_WEBMAIL_FORM_FIELDS = environment.words(
    "HOUSEMAIL_WEBMAIL_FORM_FIELDS", "username,otp,token"
)
HOUSEMAIL_WEBMAIL_HOSTS = environment.words(
    "HOUSEMAIL_WEBMAIL_HOSTS", "*.emailarray.com"
)
HOUSEMAIL_MAIL_PROGRAM = environment.mail_hosts(
    "HOUSEMAIL_MAIL_PROGRAM",
    "imap+tls://imap.emailarray.com:993,pop3+tls://pop.emailarray.com:995,"
    "smtp+tls://smtp.emailarray.com:465",
)
HOUSEMAIL_FORCE_IPV4 = environment.flag("HOUSEMAIL_FORCE_IPV4")
HOUSEMAIL_LOG_LEVEL = environment.env("HOUSEMAIL_LOG_LEVEL", "INFO").upper()
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
