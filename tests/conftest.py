"""What all tests share: the five plans loaded once per worker, and the people who use the portal."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from indicators.models import Plan
from portal.accounts.models import User
from portal.api import rates
from portal.plan_loading import FixtureLoad
from regions.models import Department, Role
from tests import filled_tables
from tests.factories import member_of

# Playwright runs an event loop in the test's thread; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# No test fails because the machine is busy.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


@pytest.fixture(autouse=True)
def evidence_directory(settings: Settings, tmp_path: Path) -> Path:
    """Uploaded files of each test lie in a directory of its own; it is made when the first one comes."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture(autouse=True)
def unspent_rates() -> None:
    """No test has used up the requests of another."""
    rates.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database with the five plans, loaded as `manage.py load_plans` does; tests are rolled back to it."""
    with django_db_blocker.unblock():
        before = filled_tables.filled()
        load = FixtureLoad(settings.BASE_DIR / "fixtures")
        load.read()
        load.save()
        filled_tables.keep(filled_tables.filled() - before)


@pytest.fixture
def loaded_plans(db: None) -> None:
    """The five plans. A test on a live server empties the database when it ends; after one they are put back."""
    if not Plan.objects.exists():
        filled_tables.put_back()


@pytest.fixture
def bureau(loaded_plans: None) -> Department:
    """市生态环境局 of Bazhong, the coordinating department of its plan."""
    return Department.objects.get(code="bazhong-ecology-environment")


@pytest.fixture
def administrator(bureau: Department) -> User:
    """Keeps reference data and people."""
    return member_of(bureau, Role.ADMINISTRATOR, username="guanli")


@pytest.fixture
def entry_staff(bureau: Department) -> User:
    """Enters values for Bazhong's ecological environment bureau."""
    return member_of(bureau, Role.ENTRY, username="tianbao")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    """Approves values of Bazhong's plans."""
    return member_of(bureau, Role.REVIEWER, username="shenhe")


@pytest.fixture
def leader(bureau: Department) -> User:
    """Reads the dashboards; has no access to the admin."""
    return member_of(bureau, Role.LEADER, username="lingdao", is_staff=False)


@pytest.fixture
def other_entry_staff(loaded_plans: None) -> User:
    """Enters values for the ecological environment bureau of another city."""
    return member_of(Department.objects.get(code="liaoyuan-ecology-environment"), Role.ENTRY, username="liaoyuan")
