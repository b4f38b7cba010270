"""All settings, in the README's order: every environment variable is read here, a tenant's in tenants/config.py."""

import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from hooksui import env
from hooksui.data_dir import files
from hooksui.tenants.config import LOCAL_ORIGIN, read_tenants

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_dotenv(BASE_DIR / ".env")

# Serving
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, least=1, most=65535)
THREADS = env.integer("THREADS", 16, least=1, most=256)
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).resolve()
PUBLIC_URL = env.origin("PUBLIC_URL")
ADMIN_USERNAME = env.text("ADMIN_USERNAME", "admin")
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
LOG_LEVEL = env.choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))

# Tenants and the embedded Management API
TENANTS = read_tenants()
LOCAL_TENANT_MODE = env.choice("LOCAL_TENANT_MODE", ("writable", "read-only", "gone"))
# The name by which this process calls its own Management API.
LOCAL_API_HOST = urlsplit(LOCAL_ORIGIN).netloc
LOCAL_API_CLIENT_ID = env.text("LOCAL_API_CLIENT_ID")
LOCAL_API_CLIENT_SECRET = env.text("LOCAL_API_CLIENT_SECRET")
if bool(LOCAL_API_CLIENT_ID) != bool(LOCAL_API_CLIENT_SECRET):
    env.bad(
        "LOCAL_API_CLIENT_SECRET" if LOCAL_API_CLIENT_ID else "LOCAL_API_CLIENT_ID",
        "must be set: LOCAL_API_CLIENT_ID and LOCAL_API_CLIENT_SECRET go together.",
    )
# Who is told what its clients write.
LOCAL_API_FOLLOWER = "hooksui.hooks.following.follow"
# Size of the bucket and requests a second that refill it; the default is that of a production tenant.
_rate = env.text("LOCAL_API_RATE_LIMIT", "50+16/s")
_rate_parts = re.fullmatch(r"([1-9]\d{0,8})\+([1-9]\d{0,8})/s", _rate)
if _rate_parts is None:
    env.bad("LOCAL_API_RATE_LIMIT", f"{_rate!r} is not of the form 50+16/s: a burst, then requests per second.")
LOCAL_API_BURST, LOCAL_API_PER_SECOND = int(_rate_parts[1]), int(_rate_parts[2])

# The Runner
RUNNER_ENABLED = env.choice("RUNNER_ENABLED", ("true", "false")) == "true"
RUNNER_TIMEOUT = env.integer("RUNNER_TIMEOUT", 20, least=1, most=300)  # seconds
RUNNER_CONCURRENCY = env.integer("RUNNER_CONCURRENCY", 2, least=1, most=64)
RUNNER_ALLOW_NET = env.hosts("RUNNER_ALLOW_NET")

# Values of keywords in the Deploy CLI's files
IMPORT_KEYWORDS = env.mapping("AUTH0_KEYWORD_REPLACE_MAPPINGS")

# Django from here on
# `bootstrap` writes the key; until then only commands run that sign nothing that lasts (the server refuses to start).
SECRET_KEY = files.read(DATA_DIR, files.SECRET_KEY) or secrets.token_urlsafe(50)
DEBUG = False
ROOT_URLCONF = "hooksui.urls"
WSGI_APPLICATION = "hooksui.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "hooksui.data_dir",
    "hooksui.accounts",
    "hooksui.tenants",
    "hooksui.embedded",
    "hooksui.runner",
    "hooksui.transfer",
    "hooksui.dashboard",
    "hooksui.web",
]

MIDDLEWARE = [
    "hooksui.web.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hooksui.web.middleware.page_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hooksui.web.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hooksui.web.context.tenants",
                "hooksui.web.context.version",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / files.DATABASE,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue up instead of failing half way; WAL lets readers go on meanwhile.
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may come in, and by which names this server is called
SITE_URL = PUBLIC_URL or f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}"
_public = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", f"[{HOST}]" if ":" in HOST else HOST]
if _public.hostname:
    ALLOWED_HOSTS.append(_public.hostname)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "hooksui.web.views.form_too_old"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _public.scheme == "https"
if SESSION_COOKIE_SECURE:
    # No other host, and no page over plain HTTP, can set cookies of these names (RFC 6265bis, 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
# Counts of tries to sign in, by name and address; full of junk it would forget the real ones.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A script of the largest size grows threefold at most when a browser encodes it as a form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000  # bytes
# A folder with all hooks that an import takes; the choice of all hooks of the largest tenant. A plan asks for fewer
# values (dashboard/views/transfer.py). Files may hold secrets: they stay in memory.
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20_000_000  # bytes

# Nothing is loaded from another host, nothing runs that is written into a page. The editor's styles carry a nonce.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "require-trusted-types-for": ["'script'"],
        # The editor's, which lets a worker come from one address.
        "trusted-types": ["language-service"],
    }
}

# Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    *((name, str(BASE_DIR / "static" / name)) for name in ("css", "img", "dist")),
    # The editor fetches starter scripts and declarations.
    ("points", str(BASE_DIR / "hooksui" / "catalogue" / "points")),
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {"staticfiles": {"BACKEND": "hooksui.web.storage.StaticFiles"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Words and times
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "hooksui.web.logs.RequestId"},
        "without_traceback": {"()": "hooksui.web.logs.WithoutTraceback"},
        "own_tracebacks": {"()": "hooksui.web.logs.WithoutTraceback", "below": "ERROR"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}},
    "loggers": {
        f"django.security.{kind}": {"filters": ["without_traceback"]}
        for kind in ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
    }
    # Its errors are answers with 500, its warnings those with 400: a body that cannot be read, for one.
    | {"django.request": {"filters": ["own_tracebacks"]}}
    # It logs an answer with a head that it cannot read, whole; what follows from it is told where the call is made.
    | {"urllib3.connection": {"filters": ["without_traceback"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
