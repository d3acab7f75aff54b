"""Pictures are drawn anew when they come: only their pixels remain, upright, without where and by whom."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from merilo.core.errors import BadFile

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_WEBP = 16_000_000  # its library takes three times the memory of the others
FORMATS = ("PNG", "JPEG", "WEBP")
QUALITY = 88  # of JPEG and WebP: text on a photographed page stays sharp
# What the library raises at a damaged or crafted picture.
_DAMAGED = (OSError, ValueError, TypeError, SyntaxError, LookupError, ArithmeticError, EOFError, struct.error)


def opened(content: bytes) -> Image:
    """The pixels alone, upright; of a moving picture the first. Errors: BadFile (no picture, too large)."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the camera says nothing is kept, right or wrong
            with Image.open(io.BytesIO(content), formats=FORMATS) as source:
                if source.width * source.height > _most(source):
                    raise BadFile(_too_many())
                mode = _mode(source)
                source.load()
                ImageOps.exif_transpose(source, in_place=True)
                pixels = source if source.mode == mode else source.convert(mode)
                pixels.info.clear()  # all that is written beside the pixels comes from here
                return pixels
    except Image.DecompressionBombError as error:
        raise BadFile(_too_many()) from error
    except _DAMAGED as error:
        sentence = _("The file cannot be read as a picture. Choose a PNG, JPEG or WebP file.")
        raise BadFile(sentence) from error


def _most(source: Image) -> int:
    return min(MOST_PIXELS, MOST_PIXELS_OF_WEBP) if source.format == "WEBP" else MOST_PIXELS


def _mode(source: Image) -> str:
    """The fewest channels that show the same."""
    if source.has_transparency_data:
        return "RGBA"
    return "L" if source.mode in {"1", "L"} else "RGB"


def _too_many() -> str:
    return _("The picture has too many pixels. Make it smaller and choose it again.")


def redrawn(content: bytes, *, ending: str) -> bytes:
    """The same picture in the same format, of its pixels alone. Errors: BadFile."""
    picture = opened(content)
    file = io.BytesIO()
    match ending:
        case "png":
            picture.save(file, "PNG")
        case "webp":
            picture.save(file, "WEBP", quality=QUALITY, method=2)
        case _:
            picture.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
