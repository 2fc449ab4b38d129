"""Decode a photo from outside into an upright JPEG of our own; runs in the child process only.

Only this copy ever reaches Qt or a document; the original is kept beside it, untouched (B58-B65).
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import pi_heif
from PIL import Image, ImageFile, UnidentifiedImageError

from qms_desktop.exchange.refusals import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qms_desktop.exchange.limits import Limits

COPY_LONGEST_PX = 1280
THUMBNAIL_LONGEST_PX = 256
_COPY_QUALITY = 85
_THUMBNAIL_QUALITY = 80
_MEGAPIXEL = 1_000_000
_GPS = 0x8825
_ORIENTATION = 0x0112
_SHOT = 0x8769
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
_WHITE = (255, 255, 255)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"8BPS", "PSD"),
    (b"%!PS", "EPS"),
    (b"SIMPLE", "FITS"),
    (b"\x01fcp", "PCF"),
    (b"\xff\xff\x00", "GD"),
    (b"\xff\xfe\x00", "GD"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"%PDF-", "PDF"),
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


class PictureKind(StrEnum):
    """The kinds of picture that are taken."""

    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"


@dataclass(frozen=True)
class DecodedPicture:
    """The upright copy and its thumbnail as JPEG without any notes, and what the original was."""

    kind: PictureKind
    original_width_px: int
    original_height_px: int
    width_px: int
    height_px: int
    had_position: bool
    taken: str
    jpeg: bytes
    thumbnail_jpeg: bytes


def picture_kind(content: bytes) -> PictureKind:
    """Tell the kind by the first bytes; raises FileRefused for other pictures by name, and for what is none."""
    if content.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if content[4:8] == b"ftyp":
        if content[8:12] in _HEIC_BRANDS:
            return PictureKind.HEIC
        raise FileRefused(Refusal.PICTURE_FORMAT, kind=content[8:12].decode("ascii", "replace").strip().upper())
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        raise FileRefused(Refusal.PICTURE_FORMAT, kind="WebP")
    for magic, kind in _OTHERS:
        if content.startswith(magic):
            raise FileRefused(Refusal.PICTURE_FORMAT, kind=kind)
    if _SVG.search(content[:1024]):
        raise FileRefused(Refusal.PICTURE_FORMAT, kind="SVG")
    raise FileRefused(Refusal.NOT_A_PICTURE)


def decode(content: bytes, limits: Limits) -> DecodedPicture:
    """Decode one picture; raises FileRefused when it is none, too large, incomplete, or carries too many notes."""
    kind = picture_kind(content)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = limits.picture_megapixels * _MEGAPIXEL
    if kind is PictureKind.HEIC:
        pi_heif.register_heif_opener(thumbnails=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decode(content, kind, limits)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(content, limits) from error
        except UnidentifiedImageError as error:
            raise FileRefused(Refusal.PICTURE_INCOMPLETE) from error
        except (OSError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError) as error:
            raise FileRefused(Refusal.PICTURE_INCOMPLETE) from error
        except (ValueError, RuntimeError) as error:
            # Pillow says so when a text chunk or a profile unpacks to more than it takes.
            notes = "too large" in str(error).lower() or "exceed" in str(error).lower()
            raise FileRefused(Refusal.PICTURE_NOTES if notes else Refusal.PICTURE_INCOMPLETE) from error


def _too_large(content: bytes, limits: Limits) -> FileRefused:
    width, height = struct.unpack(">II", content[16:24]) if content.startswith(b"\x89PNG") else (0, 0)
    megapixels = width * height // _MEGAPIXEL or f"> {limits.picture_megapixels}"
    return FileRefused(Refusal.PICTURE_TOO_LARGE, megapixels=megapixels, limit=limits.picture_megapixels)


def _decode(content: bytes, kind: PictureKind, limits: Limits) -> DecodedPicture:
    formats = {PictureKind.JPEG: ("JPEG",), PictureKind.PNG: ("PNG",), PictureKind.HEIC: ("HEIF",)}[kind]
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        width, height = picture.size
        if width * height > limits.picture_megapixels * _MEGAPIXEL:
            megapixels = width * height // _MEGAPIXEL
            raise FileRefused(Refusal.PICTURE_TOO_LARGE, megapixels=megapixels, limit=limits.picture_megapixels)
        exif = picture.getexif()
        had_position = bool(exif.get_ifd(_GPS))
        turn = exif.get(_ORIENTATION, 1)
        taken = _taken(exif.get_ifd(_SHOT))
        # A JPEG decodes straight to a size near the one wanted: a quarter of the time and the memory.
        picture.draft("RGB", (COPY_LONGEST_PX, COPY_LONGEST_PX))
        picture.load()
        small = _plain(_reduced(picture))
    small.info.clear()
    small.thumbnail((COPY_LONGEST_PX, COPY_LONGEST_PX), Image.Resampling.LANCZOS)
    if kind is not PictureKind.HEIC:
        # libheif has turned its picture already.
        small = _turned(small, turn)
    thumbnail = small.copy()
    thumbnail.thumbnail((THUMBNAIL_LONGEST_PX, THUMBNAIL_LONGEST_PX), Image.Resampling.LANCZOS)
    return DecodedPicture(
        kind=kind,
        original_width_px=width,
        original_height_px=height,
        width_px=small.width,
        height_px=small.height,
        had_position=had_position,
        taken=taken,
        jpeg=_jpeg(small, _COPY_QUALITY),
        thumbnail_jpeg=_jpeg(thumbnail, _THUMBNAIL_QUALITY),
    )


def _taken(shot: Mapping[int, object]) -> str:
    """Give when the camera says the picture was taken, as ISO text with its offset if it names one; empty if unsure."""
    said, offset = shot.get(_TAKEN), shot.get(_TAKEN_OFFSET)
    try:
        moment = datetime.strptime(f"{said}".strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - as the camera says
        return datetime.fromisoformat(f"{moment.isoformat()}{offset or ''}".strip("\0 ")).isoformat()
    except ValueError:
        return ""


# The eight values of the EXIF tag of orientation, and what makes the picture upright again.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else picture


def _reduced(picture: Image.Image) -> Image.Image:
    """Give a large picture at about twice the size of the copy: to convert all of it would take the memory twice."""
    factor = max(picture.size) // (2 * COPY_LONGEST_PX)
    return picture.reduce(factor) if factor > 1 and picture.mode in _REDUCIBLE else picture


def _plain(picture: Image.Image) -> Image.Image:
    """Give a picture in red, green and blue: transparency on white, 16 bits scaled, other colours converted."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda level: level / 256).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, _WHITE)
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return picture.convert("RGB") if picture.mode != "RGB" else picture.copy()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
