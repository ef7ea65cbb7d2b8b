"""What Django is told: everything from the mission that is served, and nothing that weakens it.

    TRUCE_MISSION    the folder of the mission
    TRUCE_HOSTS      the names under which it is reached, with commas; loopback's by default
    TRUCE_TLS        "1" where pages go out encrypted, so that cookies may go out nowhere else

Accounts lie in `accounts.db` in the mission's folder, beside `opsroom.secret`, which signs sessions and opens the
keys of accounts; both are their owner's alone, and neither is part of the record.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

MISSION = Path(os.environ.get("TRUCE_MISSION", "."))
ACCOUNTS, SECRET = "accounts.db", "opsroom.secret"
HERE = Path(__file__).resolve().parent
TLS = os.environ.get("TRUCE_TLS") == "1"


def _secret(path: Path) -> str:
    """Return what is in the file; made on the first run, its owner's alone."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret(MISSION / SECRET) if "TRUCE_MISSION" in os.environ else secrets.token_urlsafe(64)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TRUCE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_FAILURE_VIEW = "trucekeeper.opsroom.faults.forged"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "trucekeeper.opsroom.people",
    "trucekeeper.opsroom.screens",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "trucekeeper.opsroom.policy.StaticFiles",
    "trucekeeper.opsroom.policy.ContentPolicy",
    "trucekeeper.opsroom.policy.WrittenOut",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "trucekeeper.opsroom.guard.Guard",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "trucekeeper.opsroom.urls"
ASGI_APPLICATION = "trucekeeper.opsroom.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trucekeeper.opsroom.screens.frame.frame",
            ]
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MISSION / ACCOUNTS,
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "transaction_mode": "IMMEDIATE",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # a mission has no mail, and who may come in an administrator says
ACCOUNT_ADAPTER = "trucekeeper.opsroom.people.adapter.Adapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"login": "trucekeeper.opsroom.people.door.SignIn"}
ACCOUNT_SESSION_REMEMBER = True  # nobody is asked: a session lasts a shift
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    not TLS
)  # then only this machine is served, and browsers ask no more of localhost
MFA_TOTP_ISSUER = "Trucekeeper"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "now"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_LOCKOUT_CALLABLE = "trucekeeper.opsroom.faults.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # who came in from where is kept nowhere
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,12/15m/key"}  # one-time codes too
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "attempts"}}

SESSION_COOKIE_AGE = 12 * 3600  # a shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would outlive the session
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 40  # more than a report takes, so that one too many gets a sentence

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [HERE / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "trucekeeper.opsroom.logs.OneLine", "format": "%(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
