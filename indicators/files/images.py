"""Photographs and scans."""

from __future__ import annotations

from typing import IO

from PIL import Image

from indicators.files.kinds import JPEG, PNG, FileError, Kind

#: An A3 page at 600 dpi has 70 million pixels.
MOST_PIXELS = 80_000_000

PILLOW_NAMES = {PNG: "PNG", JPEG: "JPEG"}
TOO_LARGE = f"图片的像素太多（最多 {MOST_PIXELS // 10_000} 万），可能打不开。请降低分辨率，或转为 PDF 后上传。"


def check_image(file: IO[bytes], kind: Kind) -> None:
    """Raise FileError for an image that is absurdly large, and whatever Pillow raises for one that is damaged. The size
    is known before anything is unpacked; a JPEG is unpacked at an eighth of its size, a PNG proves itself by its
    checksums."""
    try:
        with Image.open(file, formats=[PILLOW_NAMES[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileError(TOO_LARGE)
            if kind is JPEG:
                image.draft("L", (image.width // 8, image.height // 8))
                image.load()
            else:
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileError(TOO_LARGE) from error
