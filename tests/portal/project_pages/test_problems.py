"""The ledger of problems: filters, the time that is left, the file, and the count on the overview."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from projects.models import KeyProject
from projects.services.problems import ProblemEntry, raise_problem, resolve_problem
from regions.models import Department
from tests.factories import DepartmentFactory
from tests.portal.project_pages.steps import html, sheet, words

pytestmark = pytest.mark.usefixtures("loaded_plans")


class TestProblems:
    @pytest.fixture
    def problems(self, project: KeyProject, county: Department, staff: User) -> None:
        """One overdue, one soon due, one with time, one resolved."""
        other, today, now = (
            DepartmentFactory.create(region=county.region, code="roads"),
            timezone.localdate(),
            timezone.now(),
        )
        for text, owner, days in (("甲事", county, 0), ("乙事", county, 4), ("丙事", other, 40), ("丁事", other, 50)):
            raise_problem(ProblemEntry(project, text, owner, today + timedelta(days=days)), person=staff, now=now)
        resolve_problem(project.problems.get(description="丁事"), resolution="办妥", revision=1, person=staff, now=now)
        project.problems.filter(description="甲事").update(
            deadline=today - timedelta(days=9), raised_on=today - timedelta(days=30)
        )

    @staticmethod
    def listed(page: str) -> list[str]:
        """The problems in the order of the page."""
        return re.findall(r'<th scope="row"><a href="/problems/\d+/">(.+?)</a>', page)

    @pytest.mark.usefixtures("problems")
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["甲事", "乙事", "丙事"]),
            ("state=overdue", ["甲事"]),
            ("state=resolved", ["丁事"]),
            ("state=all", ["甲事", "乙事", "丙事", "丁事"]),
            ("department=roads", ["丙事"]),
            ("department=roads&state=all", ["丙事", "丁事"]),
            ("plan=small-plan&department=small-bureau", ["甲事", "乙事"]),
            ("plan=bazhong", []),
        ],
    )
    def test_filters_and_file(self, reader: Client, query: str, expected: list[str]) -> None:
        assert self.listed(html(reader, f"/problems/?{query}")) == expected
        assert [row["问题"] for row in sheet(reader, f"/problems/?{query}", "问题")] == expected

    @pytest.mark.usefixtures("problems")
    def test_time_is_said_in_words_with_a_sign(self, reader: Client) -> None:
        text = words(html(reader, "/problems/?state=all"))
        assert "■逾期9天" in text
        assert "▲还剩4天" in text
        assert "还剩40天" in text
        assert "✓已销号" in text
        assert "未销号3已逾期1已销号1全部4" in text
        assert [row["逾期（天）"] for row in sheet(reader, "/problems/", "问题")] == [9, None, None]

    @pytest.mark.usefixtures("problems")
    def test_the_overview_counts_them(self, reader: Client) -> None:
        text = words(html(reader, "/"))
        assert "未销号的问题3个，其中■逾期1个。" in text

    def test_empty(self, reader: Client) -> None:
        assert "没有未销号的问题" in html(reader, "/problems/")
        assert "没有未销号的问题。" not in html(reader, "/")
        assert html(reader, "/problems/?state=gone", 404)
