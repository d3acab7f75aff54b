"""Logos: an uploaded picture is drawn anew, so that only its pixels remain."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.errors import BadFile

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 512
MOST_SOURCE_PIXELS = 40_000_000
_TOO_MANY_PIXELS = gettext_lazy("The picture has too many pixels. Make it smaller, 512 by 512 is enough.")


def redrawn(upload: UploadedFile[bytes]) -> bytes:
    """The picture as PNG of at most 512 × 512 pixels without any metadata.

    Takes PNG and JPEG; raises BadFile with a sentence for anything else, SVG named apart.
    """
    content = upload.read(settings.UPLOAD_LIMIT_BYTES + 1)
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise BadFile(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    if b"<svg" in content[:4096].lower():
        raise BadFile(
            _("SVG files can carry programs and are not taken. Save the logo as PNG or JPEG and choose it.")
        )
    return _small_png(content)


def _small_png(content: bytes) -> bytes:
    from PIL import Image

    picture = _opened(content)
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    file = io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return file.getvalue()


def _refuse_huge(picture: Image) -> None:
    if picture.width * picture.height > MOST_SOURCE_PIXELS:
        raise BadFile(str(_TOO_MANY_PIXELS))


def _opened(content: bytes) -> Image:
    """The pixels, upright; raises BadFile for what is no picture or would unpack to too many of them."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as source:
                _refuse_huge(source)
                return ImageOps.exif_transpose(source).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile(str(_TOO_MANY_PIXELS)) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadFile(_("The file cannot be read as a picture. Choose a PNG or JPEG file.")) from error
