"""Pictures without what the camera wrote in them: place, time, owner, thumbnails.

A picture of a broken door must not tell where the photographer lives.  The pixels are
written anew and only two things follow: the color profile, without which colors change,
and the orientation, turned into pixels.
"""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.translation import gettext
from PIL import Image, ImageOps, ImageSequence

from core.filetypes import UnacceptableFile

if TYPE_CHECKING:
    from collections.abc import Callable

# A photo of 100 megapixels takes 300 MB of memory while it is written anew.
MAX_PIXELS = 100_000_000
_QUALITY = 92
_ORIENTATION = 0x0112
_CHUNK = struct.Struct("<4sI")
_FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
}
# What Pillow raises on broken files, from its many plugins.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)


def without_metadata(fileobj: BinaryIO, mime: str) -> bytes:
    """Return the picture without EXIF, GPS, XMP, comments and text, turned the right way up.

    :param mime: ``image/jpeg``, ``image/png``, ``image/webp`` or ``image/gif``, as ``core.filetypes`` found it.
    :raises UnacceptableFile: if it is larger than can be handled safely, or broken.
    """
    fileobj.seek(0)
    target = BytesIO()
    try:
        with _open(fileobj, mime) as image:
            if _pixels(image) > MAX_PIXELS:
                raise _too_large()
            _WRITERS[mime](image, target)
    except Image.DecompressionBombError as bomb:
        raise _too_large() from bomb
    except _BROKEN as broken:
        raise UnacceptableFile(
            gettext("Bildet er skadet og kan ikke åpnes. Lagre det på nytt, og prøv igjen.")
        ) from broken
    finally:
        fileobj.seek(0)
    return target.getvalue()


def _open(fileobj: BinaryIO, mime: str) -> Image.Image:
    with warnings.catch_warnings():
        # Pillow only warns up to twice its own limit; ours is checked right after.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(fileobj, formats=_FORMATS[mime])


def _pixels(image: Image.Image) -> int:
    frames = getattr(image, "n_frames", 1) if _is_animated(image) else 1
    return image.width * image.height * frames


def _is_animated(image: Image.Image) -> bool:
    # The extra pictures of an MPO, which many phones call JPEG, are depth maps and the like.
    return image.format != "MPO" and getattr(image, "is_animated", False)


def _too_large() -> UnacceptableFile:
    return UnacceptableFile(
        gettext(
            "Bildet er for stort: mer enn %(limit)d millioner bildepunkter. Lagre det mindre, og prøv igjen."
        )
        % {"limit": MAX_PIXELS // 1_000_000}
    )


def _write_jpeg(image: Image.Image, target: BytesIO) -> None:
    profile = image.info.get("icc_profile")
    if image.format == "JPEG" and _is_upright(image):
        # The same quantization tables once more: no loss that anybody can see.
        image.save(target, "JPEG", quality="keep", icc_profile=profile, comment=b"")
        return
    upright = ImageOps.exif_transpose(image)
    upright.save(target, "JPEG", quality=_QUALITY, icc_profile=profile, comment=b"")


def _write_png(image: Image.Image, target: BytesIO) -> None:
    profile = image.info.get("icc_profile")
    if _is_animated(image):
        durations = [frame.info.get("duration", 0) for frame in ImageSequence.Iterator(image)]
        image.seek(0)
        image.save(target, "PNG", save_all=True, duration=durations, icc_profile=profile)
        return
    ImageOps.exif_transpose(image).save(target, "PNG", icc_profile=profile)


def _write_webp(image: Image.Image, target: BytesIO) -> None:
    how: dict[str, Any] = {
        "icc_profile": image.info.get("icc_profile"),
        "lossless": _is_lossless_webp(image),
        "quality": _QUALITY,
    }
    if _is_animated(image):
        durations = []
        for frame in ImageSequence.Iterator(image):
            frame.load()
            durations.append(frame.info.get("duration", 0))
        image.seek(0)
        image.save(target, "WEBP", save_all=True, duration=durations, loop=image.info.get("loop", 0), **how)
        return
    ImageOps.exif_transpose(image).save(target, "WEBP", **how)


def _write_gif(image: Image.Image, target: BytesIO) -> None:
    how = {"duration": image.info["duration"]} if "duration" in image.info else {}
    image.save(target, "GIF", save_all=_is_animated(image), comment=b"", **how)


def _is_upright(image: Image.Image) -> bool:
    return bool(image.getexif().get(_ORIENTATION, 1) == 1)


def _is_lossless_webp(image: Image.Image) -> bool:
    """Tell whether a chunk of the file is ``VP8L``, the lossless kind: a screenshot shall stay sharp."""
    source: BinaryIO | None = getattr(image, "fp", None)
    if source is None:
        return False
    source.seek(12)
    while len(header := source.read(_CHUNK.size)) == _CHUNK.size:
        chunk, size = _CHUNK.unpack(header)
        if chunk in {b"VP8L", b"VP8 ", b"ANMF"}:
            return bool(chunk == b"VP8L")
        source.seek(size + size % 2, 1)
    return False


_WRITERS: dict[str, Callable[[Image.Image, BytesIO], None]] = {
    "image/jpeg": _write_jpeg,
    "image/png": _write_png,
    "image/gif": _write_gif,
    "image/webp": _write_webp,
}
