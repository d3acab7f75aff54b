"""Pictures are drawn anew when they come: only their pixels remain, upright, without where and by whom."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from merilo.core.errors import BadFile

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 40_000_000
QUALITY = 88  # of JPEG: text on a photographed page stays sharp


def opened(content: bytes) -> Image:
    """The pixels, upright; raises BadFile for what is no picture or would unpack to too many of them."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as source:
                if source.width * source.height > MOST_PIXELS:
                    raise BadFile(_too_many())
                return ImageOps.exif_transpose(source).convert(_mode(source))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile(_too_many()) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadFile(_("The file cannot be read as a picture. Choose a PNG or JPEG file.")) from error


def _mode(source: Image) -> str:
    return "RGB" if source.format == "JPEG" else "RGBA"


def _too_many() -> str:
    return _("The picture has too many pixels. Make it smaller and choose it again.")


def redrawn(content: bytes, *, ending: str) -> bytes:
    """The same picture in the same format, of its pixels alone. Errors: BadFile."""
    from PIL import Image

    source = opened(content)
    clean = Image.new(source.mode, source.size)
    clean.paste(source)
    file = io.BytesIO()
    if ending == "png":
        clean.save(file, "PNG")
    else:
        clean.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
