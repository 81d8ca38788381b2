"""The test suite: the database of DATABASE_URL (a real PostgreSQL) or SQLite in a file that the run throws away."""

from .base import *  # noqa: F403  settings modules extend one another by name
from .base import EVIDENCE_STORAGE, VAR_DIR, env, sqlite_database

VAR_DIR.mkdir(mode=0o700, exist_ok=True)

SECRET_KEY = "only-for-tests"  # noqa: S105  signs nothing that leaves the test run
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    # A file instead of memory: the live server of the browser tests writes from other threads.
    DATABASES = {
        "default": {**sqlite_database(VAR_DIR / "test.sqlite3"), "TEST": {"NAME": str(VAR_DIR / "test-suite.sqlite3")}}
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The lockout stays on; only Client.login(), which has no request to count by, passes it.
AUTHENTICATION_BACKENDS = ["tests.sign_in.LockoutBackend", "portal.accounts.backends.PersonBackend"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": EVIDENCE_STORAGE,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
