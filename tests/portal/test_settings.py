"""Production refuses to start without its secrets, and passes Django's own deployment checks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

SECRETS = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://portal:secret@localhost/portal",
    "ALLOWED_HOSTS": "portal.example.gov.cn",
}


def check_deploy(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check --deploy` under production settings with only these variables."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "portal.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_the_deployment_checks() -> None:
    result = check_deploy(SECRETS)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize("missing", SECRETS)
def test_production_refuses_to_start_without_a_secret(missing: str) -> None:
    result = check_deploy({name: value for name, value in SECRETS.items() if name != missing})
    assert result.returncode != 0
    assert f"缺少必需的环境变量：{missing}" in result.stderr


@pytest.mark.parametrize("weak", ["changeme", "k" * 60, "0123456789" * 4])
def test_production_refuses_a_key_that_can_be_guessed(weak: str) -> None:
    result = check_deploy(SECRETS | {"SECRET_KEY": weak})
    assert result.returncode != 0
    assert "SECRET_KEY 太容易猜到" in result.stderr
    assert "token_urlsafe" in result.stderr


def test_a_wrong_proxy_is_refused_with_an_example() -> None:
    result = check_deploy(SECRETS | {"TRUSTED_PROXIES": "127.0.0.1,nginx"})
    assert result.returncode != 0
    assert "TRUSTED_PROXIES 应为反向代理的地址或网段" in result.stderr


def test_proxies_are_addresses_or_networks() -> None:
    assert check_deploy(SECRETS | {"TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}).returncode == 0


def test_evidence_within_what_is_served_is_refused() -> None:
    result = check_deploy(SECRETS | {"EVIDENCE_DIR": str(settings.STATIC_ROOT / "evidence")})
    assert result.returncode != 0
    assert "indicators.E001" in result.stderr


def test_an_absurd_limit_for_files_is_refused() -> None:
    result = check_deploy(SECRETS | {"EVIDENCE_MAX_BYTES": "0"})
    assert result.returncode != 0
    assert "EVIDENCE_MAX_BYTES" in result.stderr
