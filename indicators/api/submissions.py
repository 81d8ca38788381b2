"""/api/v1/values/submissions/: systems of departments hand in values, and read what became of them. The only endpoint
that writes; it writes as the entry sheet does, by the same service, permissions and workflow."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, Protocol, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, CharField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.filters import by_indicator, by_plan, by_region
from indicators.api.scope import Client, plans_in_scope
from indicators.api.submitted_rows import (
    MOST_VALUES,
    Problems,
    RefusedBodyError,
    Submitted,
    TooManyRowsError,
    read_rows,
    rows_of,
)
from indicators.core.verdicts import Verdict
from indicators.models import Assessment, ReviewStatus, SubmittedValue, ValueSubmission, YearlyValue
from indicators.services.recording import EntriesRefusedError, Examined, Standing, key_of
from indicators.services.submissions import ReusedKeyError, claim, foresee, is_conflict, record_of, submit
from regions.api.bodies import ExactJSONParser
from regions.api.errors import Conflict, LengthRequired, TooLarge, Unprocessable, problems_of
from regions.api.fields import Derived, Figure, Row, figure_text
from regions.api.parameters import Codes, Parameter, Years
from regions.api.views import ReadOnlyEndpoint
from regions.channel import acting_through

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,200}")

DESCRIPTION = (
    f"提交一个或一批数值（最多 {MOST_VALUES} 个），全部写入或全部不写。与在填报表中填报相同："
    "只能提交所代表部门牵头的指标，须审核的交给审核人员，审定后才计入评价。"
    "没有收到答复时，用同一 Idempotency-Key 原样重发，不会重复写入；"
    f"重复的请求得到与上次相同的答复，带有 {REPLAYED_HEADER}: true。"
)

REPLACED, REMOVED = "replaced", "removed"
#: Where a submitted value stands: the states of review, and what others did to it.
STATES = [*ReviewStatus.choices, (REPLACED, "已被他人改写"), (REMOVED, "已被删除")]
LABELS = dict(STATES)


class SubmittingClient(Client, Protocol):
    """What a token stands for, as far as submitting goes."""

    may_submit: bool

    @property
    def channel(self) -> str:
        """What the history calls the way by which its values come in."""


class SubmittedRow(Row):
    """本客户端最后一次提交的一个数值，和它现在的状态。"""

    plan = serializers.CharField(source="indicator__plan__slug", help_text="规划标识。")
    indicator = serializers.CharField(source="indicator__code", help_text="指标代码。")
    region = serializers.CharField(source="region__slug", help_text="地区标识。")
    year = serializers.IntegerField(help_text="年度。")
    value = Figure(
        max_digits=15, decimal_places=4, allow_null=False, help_text="本客户端最后一次提交的数值，单位同指标。"
    )
    source = serializers.CharField(help_text="提交的数据来源。")  # type: ignore[assignment]  # a field of that name
    source_url = serializers.CharField(help_text="提交的来源网址。")
    note = serializers.CharField(help_text="提交的说明。")
    status = serializers.ChoiceField(
        STATES, source="state", help_text="现在的状态。改写后的内容在审定以前不对接口开放。"
    )
    status_label = serializers.CharField(help_text="状态的中文名称。")
    review_comment = serializers.CharField(help_text="审核意见；退回的说明要改什么。")
    revision = serializers.IntegerField(
        source="record__revision", allow_null=True, help_text="现有数值的修订号；更正他人改写过的数值时要写明。"
    )
    submitted_at = serializers.DateTimeField(source="submission__submitted_at", help_text="最后一次提交的时间。")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="审定或退回的时间；没有时为 null。")

    derived = {"status_label": Derived(("state",), LABELS.__getitem__)}


class SubmittedEntry(serializers.Serializer[Any]):
    """要提交的一个数值。"""

    indicator = serializers.CharField(help_text="指标代码，例如 bazhong-05。")
    region = serializers.CharField(required=False, help_text="地区标识；规划所在的地区可以不写。")
    year = serializers.IntegerField(help_text="年度。")
    value = serializers.CharField(
        help_text="数值，单位同指标；百分比写百分点（96.7）。建议用字符串，也接受 JSON 数字，都不会舍入。"
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        required=False, help_text="数据来源，最多 300 字。"
    )
    source_url = serializers.CharField(required=False, help_text="来源网址，最多 300 字。")
    note = serializers.CharField(required=False, help_text="说明，最多 500 字；与上年相差很大时必填。")
    reason = serializers.CharField(required=False, help_text="更正已审定的数值时必填的原因。")
    revision = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="所依据的修订号。新数值和更正自己提交的数值不用写；要替换他人填报的数值时必须写明。",
    )


class SubmissionBody(serializers.Serializer[Any]):
    """要提交的数值，全部写入或全部不写。"""

    values = SubmittedEntry(many=True, help_text=f"1 至 {MOST_VALUES} 个数值。")
    as_draft = serializers.BooleanField(required=False, default=False, help_text="须审核的数值存为草稿，不交审核。")


class RecordedValue(serializers.Serializer[Any]):
    """一个数值写入后的情况。"""

    indicator = serializers.CharField(help_text="指标代码。")
    region = serializers.CharField(help_text="地区标识。")
    year = serializers.IntegerField(help_text="年度。")
    value = serializers.CharField(help_text="写入的数值。")
    unchanged = serializers.BooleanField(help_text="与现有数值完全相同，没有再写。")
    status = serializers.ChoiceField(ReviewStatus.choices, help_text="数值的状态。")
    status_label = serializers.CharField(help_text="状态的中文名称。")
    revision = serializers.IntegerField(help_text="写入后的修订号。")
    verdict = serializers.ChoiceField(Verdict.choices(), allow_null=True, help_text="计入后的评价；未审定的为 null。")
    verdict_label = serializers.CharField(allow_null=True, help_text="评价的中文名称。")


class SubmissionAnswer(serializers.Serializer[Any]):
    """一次提交的答复。用同一标识重发同样的请求，得到同样的答复。"""

    key = serializers.CharField(help_text="请求的 Idempotency-Key。")
    submitted_at = serializers.DateTimeField(help_text="写入的时间。")
    values = RecordedValue(many=True, help_text="与请求中的数值逐个对应。")


class SubmissionEndpoint(ReadOnlyEndpoint):
    """本客户端提交的数值，包括草稿，和它们现在的状态、审核意见。只列出本客户端自己的。"""

    serializer_class = SubmittedRow
    parser_classes = [ExactJSONParser]
    #: What the schema says of answers, by action, beside errors.
    answers = {"create": {201: OpenApiResponse(SubmissionAnswer, description="已写入，或与上次相同而没有再写。")}}
    title = "接口提交的数值"
    total_order = ("indicator__code", "region__slug", "year")
    orderings = {"indicator": "indicator__code", "year": "year", "submitted_at": "submission__submitted_at"}
    filters = {
        "plan": by_plan("indicator__plan"),
        "indicator": by_indicator("indicator"),
        "region": by_region("region"),
        "year": Years("year", "年度。"),
        "status": Codes("state", "状态", STATES),
    }

    def get_queryset(self) -> QuerySet[SubmittedValue, Any]:
        """What this client stated of indicators in its scope, with what stands there now."""
        own = SubmittedValue.objects.filter(submitted_by=self.request.user.pk)
        same = Q(
            record__finding="", **{f"record__{name}": F(name) for name in ("value", "source", "source_url", "note")}
        )
        records = YearlyValue.history.filter(id=OuterRef("record"), status=ReviewStatus.RETURNED)
        returned_at = records.order_by("-history_date", "-history_id").values("history_date")[:1]
        return own.filter(indicator__plan__in=plans_in_scope(self.request)).annotate(
            state=Case(
                When(record=None, then=Value(REMOVED)),
                When(same, then=F("record__status")),
                default=Value(REPLACED),
                output_field=CharField(),
            ),
            review_comment=Case(When(same, then=F("record__review_comment")), default=Value("")),
            decided_at=Case(
                When(same & Q(record__status=ReviewStatus.APPROVED), then=F("record__approved_at")),
                When(same & Q(record__status=ReviewStatus.RETURNED), then=Subquery(returned_at)),
                default=None,
                output_field=DateTimeField(),
            ),
        )

    def described_parameters(self) -> dict[str, Parameter]:
        """Without a day to look back from: a submission is what it is now."""
        described = super().described_parameters()
        del described["as_of"]
        return described

    @extend_schema(
        request=SubmissionBody,
        summary="提交数值",
        description=DESCRIPTION,
        parameters=[
            OpenApiParameter(
                KEY_HEADER,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="本次提交的标识，由客户端取，例如 UUID；1 至 200 个可见的英文字符。",
                pattern=r"^[\x21-\x7e]{1,200}$",
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Write all values or none."""
        client = cast(SubmittingClient | None, request.auth)
        if client is None or not client.may_submit:
            raise exceptions.PermissionDenied("这个令牌只能读取，不能提交数值。如需提交，请联系系统管理员开通。")
        if problems := self.unknown_parameters(request, {}):
            raise exceptions.ValidationError(problems)
        key = request.headers.get(KEY_HEADER, "")
        if not KEY.fullmatch(key):
            raise exceptions.ValidationError(
                {KEY_HEADER: ["请在请求头写明本次提交的标识（1 至 200 个可见的英文字符），例如一个 UUID。"]}
            )
        if request.headers.get("Transfer-Encoding"):
            raise LengthRequired
        body = request.data
        try:
            rows, as_draft = rows_of(body)
        except RefusedBodyError as error:
            raise Unprocessable(error.problems) from error
        except TooManyRowsError as error:
            raise TooLarge(str(error)) from error
        with acting_through(client.channel), transaction.atomic():
            try:
                claimed = claim(
                    key, body_digest=digest_of(body), as_draft=as_draft, person=request.user, now=timezone.now()
                )
            except ReusedKeyError as error:
                raise Unprocessable({KEY_HEADER: error.messages}) from error
            if claimed.answer is not None:
                replayed = {REPLAYED_HEADER: "true"}
                return Response(json.loads(claimed.answer), status=status.HTTP_201_CREATED, headers=replayed)
            submission = claimed.submission
            recorded = self.record(
                request, submission, read_rows(rows, as_draft=as_draft, plans=plans_in_scope(request))
            )
            answer = answer_of(submission, recorded)
            submission.answer = json.dumps(answer, ensure_ascii=False)
            submission.save(update_fields=["answer"])
        return Response(answer, status=status.HTTP_201_CREATED)

    def record(self, request: Request, submission: ValueSubmission, submitted: Submitted) -> list[Examined]:
        """The values, written. Raises what says every problem of every row."""
        numbers, entries = list(submitted.entries), list(submitted.entries.values())
        person = request.user
        if submitted.problems:
            foreseen = foresee(entries, person=person, as_draft=submitted.as_draft) if entries else []
            refuse(submitted.problems, numbers, foreseen)
        try:
            return submit(submission, entries, person=person, now=submission.submitted_at)
        except EntriesRefusedError as error:
            refuse({}, numbers, error.examined)


def refuse(problems: Problems, numbers: Sequence[int], examined: Sequence[Examined]) -> NoReturn:
    """Raise what answers a request of which something cannot be written, with every problem by row: 422 where something
    is wrong with a row, else 403 where the client may not state one, else 409."""
    refused = [
        (number, each)
        for number, each in zip(numbers, examined, strict=True)
        if each.refusal is not None and each.standing is not Standing.UNCHANGED
    ]
    found: dict[str, Any] = {str(number): row for number, row in problems.items()}
    found |= {str(number): complaint_about(each) for number, each in refused}
    detail: Any = {"values": dict(sorted(found.items(), key=lambda item: int(item[0])))}
    conflicts = [each for _, each in refused if is_conflict(each) or each.standing is Standing.LOCKED]
    forbidden = [each for _, each in refused if each.standing is Standing.NOT_PERMITTED]
    if len(conflicts) + len(forbidden) < len(found):
        raise Unprocessable(detail)
    raise exceptions.PermissionDenied(detail) if forbidden else Conflict(detail)


def complaint_about(examined: Examined) -> Mapping[str, Any]:
    """What is said of a row that cannot be written. What others stated and nobody approved is not told."""
    refusal, stored = examined.refusal, examined.stored
    if is_conflict(examined):
        if stored is None:
            return {"revision": ["这个数值已被删除。请去掉 revision，作为新的数值提交。"]}
        return {
            "revision": [
                f"这里已有他人填报或修改过的数值（现修订号 {stored.revision}），没有覆盖。"
                f'请与填报人员核对；确需替换时写明 "revision": {stored.revision}。'
            ]
        }
    if isinstance(refusal, ValidationError):
        found = problems_of(refusal)
        return found if isinstance(found, dict) else {"": found}
    return {"indicator": [str(refusal)]}


def answer_of(submission: ValueSubmission, recorded: Sequence[Examined]) -> dict[str, Any]:
    """What is told of a submission, now and whenever it comes again. One query, for verdicts on what counts."""
    counted = [each for each in recorded if record_of(each).status == ReviewStatus.APPROVED]
    verdicts = {
        (indicator, region, year): Verdict.checked(code)
        for indicator, region, year, code in Assessment.objects.filter(
            indicator__in={each.entry.indicator.pk for each in counted},
            year__in={each.entry.year for each in counted},
        ).values_list("indicator", "region", "year", "verdict")
    }
    return {
        "key": submission.key,
        "submitted_at": timezone.localtime(submission.submitted_at).isoformat(),
        "values": [recorded_value(each, verdicts.get(key_of(each.entry))) for each in recorded],
    }


def recorded_value(recorded: Examined, verdict: Verdict | None) -> dict[str, Any]:
    """What became of one value; the verdict is told of what counts."""
    record = record_of(recorded)
    counts = verdict is not None and record.status == ReviewStatus.APPROVED
    return {
        "indicator": recorded.entry.indicator.code,
        "region": recorded.entry.region.slug,
        "year": record.year,
        "value": figure_text(record.value),
        "unchanged": recorded.standing is Standing.UNCHANGED,
        "status": str(record.status),
        "status_label": LABELS[record.status],
        "revision": record.revision,
        "verdict": verdict.value if verdict and counts else None,
        "verdict_label": verdict.label if verdict and counts else None,
    }


def digest_of(body: Any) -> str:
    """The same for the same content, however it is spaced and in whatever order its fields stand."""
    written = json.dumps(body, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


urlpatterns = [
    path("values/submissions/", SubmissionEndpoint.as_view({"get": "list", "post": "create"}), name="api-submissions"),
]
