"""Files as a browser sends them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.indicators.files.samples import PDF


def pdf(name: str = "2022年公报.pdf", text: str = "") -> SimpleUploadedFile:
    """A PDF; `text` makes its content another. What the browser says of its type is wrong on purpose."""
    return SimpleUploadedFile(name, PDF.replace(b"1 0 obj", f"% {text}\n1 0 obj".encode()), content_type="text/html")
