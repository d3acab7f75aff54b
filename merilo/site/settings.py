"""Settings of an installation, read from the environment (twelve-factor; secrets also from `*_FILE`).

Every `MERILO_…` variable is explained in docs/reference/settings.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from merilo.core.binds import bind_of
from merilo.core.localkey import local_key

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.FileAwareEnv()

TESTING = "pytest" in sys.modules
DEMO = env.bool("MERILO_DEMO", default=False)
DEBUG = env.bool("MERILO_DEBUG", default=False)
# An empty name is no name: it would be the folder that the program happens to be started in.
VAR_DIR = Path(env.str("MERILO_VAR", default="") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

# Keys of its own are made at the first start of a local installation and kept beside its data; a public
# host is refused without explicit keys (core.checks). The audit has a key apart from the secret one, which
# must be free to change.
SECRET_KEY = env.str("MERILO_SECRET_KEY", default="")
AUDIT_KEY = env.str("MERILO_AUDIT_KEY", default="")
SECRET_KEY_IS_LOCAL, AUDIT_KEY_IS_LOCAL = not SECRET_KEY, not AUDIT_KEY
SECRET_KEY = SECRET_KEY or ("only-for-tests" if TESTING else local_key(VAR_DIR, "secret-key"))
AUDIT_KEY = AUDIT_KEY or ("only-for-tests-too" if TESTING else local_key(VAR_DIR, "audit-key"))
SECRET_KEY_FALLBACKS = env.list("MERILO_SECRET_KEY_FALLBACKS", default=[])

BASE_URL = env.str("MERILO_BASE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("MERILO_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BIND = bind_of(env.str("MERILO_BIND", default="127.0.0.1:8000"), name="MERILO_BIND")
WEB_PROCESSES = max(2, env.int("MERILO_WEB_PROCESSES", default=2))
METRICS = env.str("MERILO_METRICS_BIND", default="")
METRICS_BIND = bind_of(METRICS, name="MERILO_METRICS_BIND") if METRICS else None
FOUNDING = env.str("MERILO_FOUNDING", default="open" if DEMO else "operator")

# The rooms come first: their words and pages go before those of the libraries.
INSTALLED_APPS = [
    "merilo.core",
    "merilo.framework",
    "merilo.web",
    "merilo.accounts",
    "merilo.organisations",
    "merilo.groups",
    "merilo.indicators",
    "merilo.surveys",
    "merilo.assessment",
    "merilo.improvement",
    "merilo.feedback",
    "merilo.ops",
    "merilo.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "merilo.core.requests.RequestMiddleware",
    "merilo.ops.watching.WatchMiddleware",
    "merilo.surveys.middleware.NobodyMiddleware",
    "merilo.web.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "merilo.web.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "merilo.accounts.middleware.PersonMiddleware",
    "merilo.accounts.middleware.SecondFactorMiddleware",
    "merilo.organisations.middleware.ViewerMiddleware",
    "merilo.web.middleware.ErrorsMiddleware",
    "merilo.web.middleware.DoorMiddleware",
]

ROOT_URLCONF = "merilo.site.urls"
WSGI_APPLICATION = "merilo.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "merilo.web.templatetags.components",
                "merilo.web.templatetags.words",
                "merilo.organisations.templatetags.places",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "merilo.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "merilo.web.forms.Renderer"

# --- database ---------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8000;"
        "PRAGMA secure_delete=ON;"  # what is deleted is overwritten, not only marked as free
    ),
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'merilo.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["CONN_MAX_AGE"] = None
    if TESTING:
        # A test database in a file, so that the real pragmas and real locking are tested.
        DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", None)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Only immutable data is cached in a process; limits and one-time keys are database rows (core.limits).
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_COOKIE_AGE = env.int("MERILO_SESSION_SECONDS", default=12 * 3600)

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "merilo.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:home"
ACCOUNT_ADAPTER = "merilo.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "merilo.accounts.forms.SignupExtra"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # limits that hold across processes: merilo.core.limits through the adapter
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60  # how long a password typed once more opens what is guarded
# Who has to sign in with a second factor: nobody, operators, coordinators (and operators), everybody.
SECOND_FACTOR = env.str("MERILO_SECOND_FACTOR", default="nobody" if DEMO or TESTING else "operators")
SOCIALACCOUNT_ADAPTER = "merilo.accounts.service_adapter.ServiceAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 2  # in the request; what is fetched is kept (accounts.discovery)
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # a service opens its own organisation only
MFA_ADAPTER = "merilo.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # where mail confirms addresses, nobody signs in without a confirmed one
MFA_TOTP_TOLERANCE = 1  # clocks of telephones may be half a minute wrong
MFA_RECOVERY_CODES_SHOW_ONCE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https") else "http"

# --- languages, dates, numbers ------------------------------------------------------------------
LANGUAGE_CODE = env.str("MERILO_LANGUAGE", default="bg")
LANGUAGES = [("bg", "Български"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_TIME_ZONE = env.str("MERILO_TIME_ZONE", default="Europe/Sofia")
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["merilo.web.formats"]

# --- files --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("MERILO_STATIC", default="") or BASE_DIR / "assets" / "static")
STATICFILES_DIRS = [("fonts", BASE_DIR / "assets" / "fonts" / "web"), ("web", BASE_DIR / "assets" / "css")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING or DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILES_DIR = Path(env.str("MERILO_FILES", default="") or VAR_DIR / "files")
# Backups (merilo backup): where, and the public age keys that may open them.
BACKUPS_DIR = Path(env.str("MERILO_BACKUPS", default="") or VAR_DIR / "backups")
BACKUP_RECIPIENTS = env.list("MERILO_BACKUP_RECIPIENTS", default=[])
PDF_FONTS_DIR = BASE_DIR / "assets" / "fonts" / "pdf"
UPLOAD_LIMIT_BYTES = env.int("MERILO_UPLOAD_LIMIT", default=25 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640

# Individual judgements are deleted this many days after the approval of the report (merilo retention).
SHEETS_KEPT_DAYS = env.int("MERILO_SHEETS_DAYS", default=90)

# --- mail ---------------------------------------------------------------------------------------
# Mail is written to the outbox in the same transaction and sent by the worker (core.mail).
EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
MAIL_SERVER = env.str("MERILO_MAIL_URL", default="")
DEFAULT_FROM_EMAIL = env.str("MERILO_MAIL_FROM", default="Merilo <no-reply@localhost>")

SECURITY_CONTACT = env.str("MERILO_SECURITY_CONTACT", default=f"{BASE_URL}/help/")

# --- tasks --------------------------------------------------------------------------------------
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TESTING
        else "django_tasks_db.DatabaseBackend",
    }
}

# --- security -----------------------------------------------------------------------------------
SECURE = BASE_URL.startswith("https")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "merilo.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_SSL_REDIRECT = False
BEHIND_PROXY = env.bool("MERILO_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- logs: no addresses, no names, no bodies (R24) -------------------------------------------------
LOG_FORMAT = "json" if env.str("MERILO_LOG_FORMAT", default="text") == "json" else "line"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "merilo.core.logs.Discreet",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "merilo.core.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": env.str("MERILO_LOG_LEVEL", default="WARNING")},
    "loggers": {
        "merilo": {"level": "INFO"},
        "merilo.access": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique without regard to case, by a constraint
PRODUCT_NAME = _("Merilo")
