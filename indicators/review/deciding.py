"""A reviewer's decision as a queue's form posts it: read, taken through the workflow, told what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from indicators.models import Plan
from indicators.services.review_steps import STEP_NAMES, Step, Workflow


@dataclass(frozen=True)
class Decision:
    """What a queue's form said and what became of it. `done` is the sentence for a decision that was taken, else empty;
    `complaint` says why none was. `chosen` are the boxes as they were sent."""

    done: str = ""
    complaint: list[str] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)
    comment: str = ""


def decide(request: HttpRequest, workflow: Workflow[Any], among: QuerySet[Any], *, plan: Plan, boxes: str) -> Decision:
    """Take the step that the posted form asks for with what is chosen in it, all or nothing. `among` are the records
    that the page lists, `boxes` is the name of its checkboxes."""
    chosen, comment = request.POST.getlist(boxes), request.POST.get("comment", "")
    try:
        step = Step(request.POST.get("step", ""))
        taken = workflow.decide(
            step,
            tokens_read(chosen),
            among,
            plan=plan,
            comment=comment.strip(),
            person=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        complaint = error.messages
    except PermissionDenied as error:
        complaint = [str(error)]
    except ValueError:
        complaint = ["没有看懂这项操作，什么也没有改动。请刷新页面后重新勾选。"]
    else:
        return Decision(done=f"已{STEP_NAMES[step]} {len(taken)} {workflow.counted}。")
    return Decision(complaint=complaint, chosen=set(chosen), comment=comment)


def tokens_read(tokens: list[str]) -> dict[int, int]:
    """Keys and the revisions seen, as the checkboxes send them. Raises ValueError for anything else."""
    return {int(key): int(revision) for key, revision in (token.split(":") for token in tokens)}
