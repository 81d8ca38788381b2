"""System checks of the settings for uploaded files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def evidence_is_not_served(**options: Any) -> list[CheckMessage]:
    """indicators.E001: the directory of uploaded files must not lie within what the server hands out unasked."""
    evidence = Path(settings.EVIDENCE_DIR).resolve()
    served = [str(each) for each in (settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS) if each]
    for directory in (Path(each).resolve() for each in served):
        if evidence == directory or directory in evidence.parents:
            return [
                Error(
                    f"佐证材料目录 {evidence} 在对外提供的目录 {directory} 之内，任何人都能取得其中的文件。",
                    hint="请把环境变量 EVIDENCE_DIR 设为另一个目录。",
                    id="indicators.E001",
                )
            ]
    return []
