"""One machine, one command (`make run`): SQLite under var/ unless DATABASE_URL names another database.

The secret key is made once and kept in a file that only its owner reads, so that sessions survive a restart.
"""

import os
import secrets

from .base import *  # noqa: F403  settings modules extend one another by name
from .base import EVIDENCE_STORAGE, VAR_DIR, configured_database, env

VAR_DIR.mkdir(mode=0o700, exist_ok=True)


def local_secret_key() -> str:
    """The key kept in var/secret_key; made on the first start."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = local_secret_key()
# Whoever serves on every address of the machine (HOST=0.0.0.0) lets colleagues reach it by whatever name it has.
HOST = env.str("HOST", default="127.0.0.1")
ALLOWED_HOSTS = ["*"] if HOST == "0.0.0.0" else ["localhost", "127.0.0.1", "[::1]", HOST]  # noqa: S104
ALLOWED_HOSTS += env.list("ALLOWED_HOSTS", default=[])
DATABASES = {"default": configured_database(VAR_DIR / "portal.sqlite3")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": EVIDENCE_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
