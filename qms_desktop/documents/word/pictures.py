"""Photographs made fit for a document: upright, small, and without the place where they were taken."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_

LONG_SIDE_PX = 1280
_JPEG_QUALITY = 85
_WHOLE = b"\xff\xd9"  # how a JPEG ends that was not cut off


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture ready to be placed; the size is in pixels and only its proportion matters."""

    content: bytes
    width_px: int
    height_px: int

    def fitted(self, *, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Give width and height in mm of the largest size that fits, proportion kept."""
        scale = min(width_mm / self.width_px, height_mm / self.height_px)
        return self.width_px * scale, self.height_px * scale


def upright(picture: bytes, *, name: str) -> Picture:
    """Turn a photograph upright by its EXIF tag, drop all its tags, and limit its long side to 1280 pixels.

    A JPEG that is all this already, as the copy of every photograph that is attached, stays as it is. Other kinds
    become JPEG; PNG stays PNG, since screen shots and curves suffer in JPEG. Raises InvalidInput, with the picture's
    name, when it cannot be read or is too large to be a photograph.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(picture)) as opened:
                if _is_made_fit(opened) and picture.endswith(_WHOLE):
                    return Picture(content=picture, width_px=opened.width, height_px=opened.height)
                kind = "PNG" if opened.format == "PNG" else "JPEG"
                if opened.mode == "RGB":
                    _limit(opened)  # before it is turned: a camera gives ten times the pixels that a paper shows
                turned = ImageOps.exif_transpose(opened).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as unreadable:
        message = N_("The picture “{name}” cannot be read. Attach it again as JPEG or PNG.")
        raise InvalidInput(message, name=name) from unreadable
    _limit(turned)
    # A fresh image carries no EXIF, GPS or comment of the camera.
    clean = Image.new("RGB", turned.size)
    clean.paste(turned)
    stream = BytesIO()
    clean.save(stream, kind, quality=_JPEG_QUALITY)
    return Picture(content=stream.getvalue(), width_px=clean.width, height_px=clean.height)


def _is_made_fit(opened: Image.Image) -> bool:
    """Tell a small JPEG in colour that carries nothing but its pixels: no segment for notes beside the first one."""
    if not isinstance(opened, JpegImageFile) or opened.mode != "RGB" or max(opened.size) > LONG_SIDE_PX:
        return False
    return [segment for segment, _content in opened.applist] == ["APP0"]


def _limit(picture: Image.Image) -> None:
    picture.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX), Image.Resampling.HAMMING)
