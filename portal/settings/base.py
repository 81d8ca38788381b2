"""What every deployment shares. Anything that differs between machines is in local.py, production.py or test.py."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from .api import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401  settings by name

# Makes ModelAdmin[Plan] and the like, which the type checker needs, possible at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "simple_history",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "portal.apps.PortalConfig",
    "portal.accounts",
    "portal.api",
    "portal.reference_tables",
    "axes",
    "projects",
    "indicators",
    "regions",
    # After the applications, whose db_worker takes up again what a killed worker left.
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "portal.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.compression.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SignInRequiredMiddleware",
    "portal.accounts.middleware.OwnPasswordMiddleware",
    "portal.private_pages.PrivatePagesMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portal.channels.ChannelMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.time_machine.TimeMachineMiddleware",
    "portal.submitted_switch.SubmittedSwitchMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.navigation.navigation",
                "portal.time_machine.time_machine",
                "portal.submitted_switch.submitted_switch",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "portal.accounts.backends.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.accounts.password_rules.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "portal.accounts.password_rules.Varied"},
    {"NAME": "portal.accounts.password_rules.UnlikeTheAccount"},
    {"NAME": "portal.accounts.password_rules.NotCommon"},
    {"NAME": "portal.accounts.password_rules.NotRecent"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"

# A session ends with the browser, and after this many minutes without a request (portal.accounts.middleware).
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
if SESSION_IDLE_MINUTES < 2:
    raise ImproperlyConfigured("环境变量 SESSION_IDLE_MINUTES（无操作多少分钟后退出登录）应不小于 2。")
SESSION_COOKIE_AGE = SESSION_IDLE_MINUTES * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Five wrong passwords for one account from one address lock that pair for 15 minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "portal.accounts.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "portal.accounts.lockout.answer_of_the_page"
# The portal keeps its own sign-in log, in Chinese (portal.accounts.sign_in_log), and unlocks on the accounts' pages.
AXES_DISABLE_ACCESS_LOG = True
# Axes keeps the form that was sent with a wrong password; never what stood in these fields.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "old_password", "new_password1", "new_password2"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Proxies (networks) whose X-Forwarded-For is believed; production reads them from the environment.
TRUSTED_PROXIES: list[IPv4Network | IPv6Network] = []

# Reminders go to the console until a server is named (EMAIL_URL=smtp://user:password@host:587).
vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
# The admin's words where Django's own translation is stiff.
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
DATETIME_FORMAT = "Y年n月j日 H:i"

# From the root of the host: pages of a past day have their own prefix (portal.time_machine), their files have not.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.charts.finder.PlotlyFinder",
]
# Pages name a file with its hash, so the file without it is not kept; source maps, which only debuggers ask for, are
# not compressed ahead. `collectstatic` takes a third of the time that it would without both.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Uploaded files lie outside of everything that is served as it stands; the portal hands them out itself.
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", default=str(VAR_DIR / "evidence")))
EVIDENCE_STORAGE = {"BACKEND": "indicators.storage.EvidenceStorage"}
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=20 * 1024 * 1024)
if not 0 < EVIDENCE_MAX_BYTES <= 500 * 1024 * 1024:
    raise ImproperlyConfigured("环境变量 EVIDENCE_MAX_BYTES（单个文件最大字节数）应在 1 至 524288000（500 MB）之间。")
# All files of one request together; a longer request is read to its end and its files are dropped.
UPLOAD_MAX_BYTES = 5 * EVIDENCE_MAX_BYTES
# A page refuses too many files in its own words; this only bounds what it is asked to look at.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
# The longest forms are the sheet of a plan (6 fields a row) and the rows of a new plan's table (19 a row).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
FILE_UPLOAD_HANDLERS = [
    "indicators.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Long work waits in the database for the worker (`manage.py db_worker`); `make run` starts one.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# The history is evidence: it is read in the admin, never rolled back there.
SIMPLE_HISTORY_REVERT_DISABLED = True
# Reasons are as long as a person needs (regions.history.LONGEST_REASON), not 100 characters.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Every page lives on this host alone: no inline script or style, no other origin, no framing. The nonce is for the
# empty style element that plotly.js fills by rules; from blob: it draws the pictures that people save.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "filters": {"request_id": {"()": "portal.request_ids.RequestIdFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    # Every sign-in is in the sign-in log; here only what axes warns of.
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}


def configured_database(default: Path) -> dict[str, object]:
    """The database that DATABASE_URL names, else an embedded one at `default`. SQLite is always set up as below."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        return sqlite_database(default)
    database: dict[str, object] = env.db("DATABASE_URL")
    return sqlite_database(Path(str(database["NAME"]))) if url.startswith("sqlite:") else database


def sqlite_database(path: Path) -> dict[str, object]:
    """An embedded database in WAL mode: readers never wait for the one writer, and a writer queues instead of
    failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
