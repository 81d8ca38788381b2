"""Who submits: the monitoring system of Bazhong's bureau, with or without a round."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Plan, ReportingRound
from indicators.services.rounds import open_round
from portal.accounts.models import User
from portal.api.models import ApiClient
from tests.portal.api.clients import asking_as, client_with
from tests.portal.api.submitting import BUREAU, YEAR


@pytest.fixture
def system(loaded_plans: None) -> ApiClient:
    """The bureau's monitoring system, which reads Bazhong's plan and submits for the bureau."""
    return client_with("bazhong", name="监测系统", departments=(BUREAU,))


@pytest.fixture
def asking(system: ApiClient) -> Client:
    """Requests of the system."""
    return asking_as(system)


@pytest.fixture
def opened(reviewer: User) -> ReportingRound:
    """Bazhong's round: values are reviewed."""
    plan = Plan.objects.get(slug="bazhong")
    return open_round(plan, YEAR, deadline=date(2023, 3, 31), person=reviewer, now=timezone.now())
