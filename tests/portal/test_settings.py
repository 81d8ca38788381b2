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
