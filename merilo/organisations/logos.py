"""Logos: an uploaded picture is drawn anew, so that only its pixels remain."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import pictures
from merilo.core.errors import BadFile

MOST_PIXELS = 512


def redrawn(upload: UploadedFile[bytes]) -> bytes:
    """The picture as PNG of at most 512 × 512 pixels without any metadata.

    Takes PNG, JPEG and WebP; raises BadFile with a sentence for anything else, SVG named apart.
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

    picture = pictures.opened(content).convert("RGBA")
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    file = io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return file.getvalue()
