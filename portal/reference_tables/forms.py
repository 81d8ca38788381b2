"""Choosing a file, and confirming what it would do. The file travels in the confirmation, signed; nothing is left on
the server between the two steps, so any process can take the second."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import BaseStorage

from portal.reference_tables.reading import LARGEST_FILE

#: A preview can be confirmed for this long, in seconds.
CONFIRM_WITHIN = 30 * 60
SIGNER = TimestampSigner(salt="portal.reference_tables")
#: The package numbers formats and resources; there is one of each.
ONLY = [("0", "")]


class SignedContent(BaseStorage):
    """The uploaded file as a signed text, which is its own name."""

    def save(self, data: bytes) -> None:
        """Sign the content."""
        self.name = SIGNER.sign(urlsafe_b64encode(data).decode())

    def read(self) -> bytes:
        """The content. Raises BadSignature when it was changed or is too old."""
        return urlsafe_b64decode(SIGNER.unsign(self.name, max_age=CONFIRM_WITHIN))

    def remove(self) -> None:
        """There is nothing to remove."""


class ChooseFileForm(ImportForm):
    """One file; its kind is told by its content."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        field = self.fields["import_file"]
        field.label = "要导入的文件"
        field.help_text = f"Excel 工作簿（.xlsx）的第一张表，或 CSV；不超过 {LARGEST_FILE // 1_000_000} MB。"
        field.error_messages["required"] = "请选择要导入的文件。"
        field.widget.attrs["accept"] = ".xlsx,.csv"
        self.fields["format"].widget = forms.HiddenInput()

    @property
    def media(self) -> forms.Media:
        """No script."""
        return forms.Media()

    def clean_import_file(self) -> Any:
        """Refuse a file that is too large."""
        file = self.cleaned_data["import_file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(f"文件超过 {LARGEST_FILE // 1_000_000} MB。请只保留需要导入的内容，或分成几个文件。")
        return file


class ConfirmForm(ConfirmImportForm):
    """The file that was previewed, and the digest of its preview."""

    format = forms.ChoiceField(choices=ONLY, widget=forms.HiddenInput)
    resource = forms.ChoiceField(choices=ONLY, required=False, widget=forms.HiddenInput)
    preview = forms.CharField(widget=forms.HiddenInput)

    def clean_import_file_name(self) -> str:
        """The signed file. Refuses one that was changed or is too old."""
        name: str = self.cleaned_data["import_file_name"]
        try:
            SignedContent(name=name).read()
        except (BadSignature, ValueError) as error:
            raise ValidationError("预览已超过 30 分钟或不完整，没有导入。请重新选择文件。") from error
        return name
