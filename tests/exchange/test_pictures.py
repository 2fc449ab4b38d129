"""Photos as phones and mailboxes hand them over (B58-B65). Bombs are made here and never stored."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from qms_desktop import files
from qms_desktop.exchange import FileRefused, Refusal, pictures

if TYPE_CHECKING:
    from pathlib import Path

DEMO = files.resources() / "demo"


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def refused_by(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        pictures.take(content, name="照片.jpg")
    return refused.value


def png_of(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return picture


def test_the_original_is_kept_and_the_copy_is_sized_for_paper() -> None:
    path = DEMO / "照片_划伤.jpg"
    taken = pictures.take(path)
    assert taken.original == path.read_bytes()
    assert (taken.original_width_px, taken.original_height_px) == (2000, 1500)
    assert opened(taken.jpeg).size == (taken.width_px, taken.height_px) == (1280, 960)
    assert max(opened(taken.thumbnail_jpeg).size) == 256


def test_a_photo_taken_upright_stands_upright() -> None:
    taken = pictures.take(DEMO / "照片_漏油_竖拍.jpg")
    assert (taken.width_px, taken.height_px) == (960, 1280)
    assert not opened(taken.jpeg).getexif()


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_orientation_of_exif_is_applied(turn: int) -> None:
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste((255, 0, 0), (0, 0, 16, 16))
    inverse = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if turn == 1 else upright.transpose(Image.Transpose(inverse[turn]))
    exif = Image.Exif()
    exif[0x0112] = turn
    copy = opened(pictures.take(encoded(stored, exif=exif, quality=95), name="x.jpg").jpeg)
    assert copy.size == (64, 32)
    found = copy.getpixel((5, 5))
    assert isinstance(found, tuple)
    assert found[0] > 200
    assert max(found[1:]) < 90


def test_the_place_is_removed_from_the_copy_and_kept_in_the_original() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 48.0)
    exif[0x010F] = "Phone"
    content = encoded(Image.new("RGB", (40, 30)), exif=exif)
    taken = pictures.take(content, name="x.jpg")
    assert taken.had_position
    assert taken.original == content
    assert not opened(taken.jpeg).getexif()
    assert b"Phone" not in taken.jpeg


def test_a_png_of_900_megapixels_is_refused_by_its_size() -> None:
    refused = refused_by(png_of(30_000, 30_000))
    assert str(refused) == "“照片.jpg” has 900 megapixels; the limit is 50. Save it smaller."


def test_between_the_library_s_warning_and_its_error_is_refused_as_well() -> None:
    assert refused_by(png_of(10_000, 6_000)).refusal is Refusal.PICTURE_TOO_LARGE


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90\x00" + bytes(100), b"hello", b"\x00" * 50])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert refused_by(content).refusal is Refusal.NOT_A_PICTURE


def test_a_truncated_photo_is_incomplete_and_nothing_half_is_offered() -> None:
    whole = (DEMO / "照片_划伤.jpg").read_bytes()
    for length in (20, len(whole) // 3, len(whole) - 2000):
        assert refused_by(whole[:length]).refusal is Refusal.PICTURE_INCOMPLETE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"II*\x00" + bytes(20), "TIFF"),
        (b"8BPS" + bytes(20), "PSD"),
        (b"%!PS-Adobe", "EPS"),
        (b"SIMPLE  =", "FITS"),
        (b"\x01fcp" + bytes(20), "PCF"),
        (b"\xff\xfe\x00" + bytes(20), "GD"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">', "SVG"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x1cftypavif" + bytes(20), "AVIF"),
    ],
)
def test_other_pictures_are_named(content: bytes, kind: str) -> None:
    refused = refused_by(content)
    assert refused.refusal is Refusal.PICTURE_FORMAT
    assert refused.values["kind"] == kind


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "YCbCr"])
def test_other_colours_become_red_green_blue(mode: str) -> None:
    picture = Image.new("RGB", (40, 30), "white").convert(mode)
    taken = pictures.take(encoded(picture if mode != "1" else picture.convert("L")), name="x.jpg")
    found = opened(taken.jpeg).getpixel((20, 15))
    assert isinstance(found, tuple)
    assert len(found) == 3
    assert min(found) > 240


def test_a_picture_of_16_bits_keeps_its_brightness() -> None:
    grey = Image.new("I;16", (40, 30), 32_768)
    level = opened(pictures.take(encoded(grey, "PNG"), name="x.png").jpeg).getpixel((20, 15))
    assert isinstance(level, tuple)
    assert all(120 <= part <= 136 for part in level)


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    assert opened(pictures.take(encoded(clear, "PNG"), name="x.png").jpeg).getpixel((20, 15)) == (255, 255, 255)


def test_an_animated_picture_gives_its_first_frame() -> None:
    red, blue = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    content = encoded(red, "PNG", save_all=True, append_images=[blue])
    found = opened(pictures.take(content, name="x.png").jpeg).getpixel((20, 15))
    assert isinstance(found, tuple)
    assert found[0] > 200 > found[2]


def test_a_text_chunk_of_100_megabytes_is_refused() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "A" * 100_000_000, zip=True)
    assert refused_by(encoded(Image.new("RGB", (4, 4)), "PNG", pnginfo=notes)).refusal is Refusal.PICTURE_NOTES


def test_an_empty_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    assert refused_by(b"").refusal is Refusal.EMPTY
    assert refused_by(bytes(26 * 1024 * 1024)).refusal is Refusal.FILE_TOO_LARGE
    with pytest.raises(FileRefused, match=r"gone\.jpg"):
        pictures.take(tmp_path / "gone.jpg")


def test_a_broken_heic_is_incomplete() -> None:
    assert refused_by(b"\x00\x00\x00\x18ftypheic" + bytes(200)).refusal is Refusal.PICTURE_INCOMPLETE


def test_a_large_clear_picture_fits_into_the_memory_of_the_child() -> None:
    clear = encoded(Image.new("RGBA", (7000, 7000), (200, 10, 10, 255)), "PNG", compress_level=1)
    taken = pictures.take(clear, name="x.png")
    assert (taken.width_px, taken.height_px) == (1280, 1280)
    found = opened(taken.jpeg).getpixel((640, 640))
    assert isinstance(found, tuple)
    assert found[0] > 180 > found[1]
