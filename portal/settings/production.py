"""A server behind TLS: every secret comes from the environment, and without them the portal refuses to start.

SECRET_KEY (random, 50 characters at least), DATABASE_URL and ALLOWED_HOSTS are required; CSRF_TRUSTED_ORIGINS is needed
when the proxy changes the scheme. TRUSTED_PROXIES (addresses or networks, separated by commas) are the proxies whose
X-Forwarded-For is believed; without it the address of the connection counts.
"""

from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403  settings modules extend one another by name
from .base import EVIDENCE_STORAGE, env

#: As Django's own check asks for. Whoever guesses the key signs sessions and forms.
SHORTEST_KEY, FEWEST_LETTERS = 50, 5

missing = [name for name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS") if not env.str(name, default="")]
if missing:
    raise ImproperlyConfigured(
        f"生产环境缺少必需的环境变量：{'、'.join(missing)}。请在启动前设置，详见 README 的“部署”一节。"
    )

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_KEY or len(set(SECRET_KEY)) < FEWEST_LETTERS:
    raise ImproperlyConfigured(
        f"环境变量 SECRET_KEY 太容易猜到，至少要有 {SHORTEST_KEY} 个随机字符。可以这样生成："
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATABASES = {"default": {**env.db("DATABASE_URL"), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": EVIDENCE_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

try:
    TRUSTED_PROXIES = [ip_network(each.strip()) for each in env.list("TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(
        f"环境变量 TRUSTED_PROXIES 应为反向代理的地址或网段，用逗号分隔，例如 127.0.0.1,10.0.0.0/8：{error}"
    ) from error
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
