from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from core import images
from core.filetypes import UnacceptableFile
from core.images import without_metadata

RED, BLUE = (200, 30, 30), (30, 30, 200)
SECRETS = (b"Kari Nordmann", b"Hemmelig", b"SerialNo-77", b"Exif", b"ns.adobe.com/xap", b"GPS")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>Hemmelig http://ns.adobe.com/xap/1.0/</a></x:xmpmeta>'
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def camera_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Kari Nordmann"  # Artist
    exif[0x9286] = b"Hemmelig"  # UserComment
    exif[0xA431] = "SerialNo-77"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (60.0, 23.0, 33.5), "E", (5.0, 19.0, 20.1)
    return exif


def picture(fmt: str, orientation: int = 1, **more: Any) -> BytesIO:
    """Return a picture, 40 by 20, red to the left and blue to the right, as a camera would save it."""
    image = Image.new("RGB", (40, 20), RED)
    image.paste(BLUE, (20, 0, 40, 20))
    target = BytesIO()
    image.save(target, fmt, exif=camera_exif(orientation).tobytes(), icc_profile=PROFILE, **more)
    target.seek(0)
    return target


def close(one: Any, other: Any) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("fmt", "mime", "more"),
    [
        ("JPEG", "image/jpeg", {"comment": b"Hemmelig", "xmp": XMP}),
        ("WEBP", "image/webp", {"xmp": XMP}),
        ("WEBP", "image/webp", {"xmp": XMP, "lossless": True}),
        ("PNG", "image/png", {}),
    ],
)
def test_without_metadata_leaves_pixels_and_profile_only(fmt: str, mime: str, more: dict[str, Any]) -> None:
    source = picture(fmt, **more)
    assert Image.open(source).getexif().get_ifd(0x8825)[2] == (60.0, 23.0, 33.5)
    assert any(secret in source.getvalue() for secret in SECRETS)

    cleaned = without_metadata(source, mime)

    assert not [secret for secret in SECRETS if secret in cleaned]
    result = Image.open(BytesIO(cleaned))
    assert dict(result.getexif()) == {}
    assert not {"comment", "xmp", "exif"} & set(result.info)
    assert result.info["icc_profile"] == PROFILE
    assert result.size == (40, 20)
    assert close(result.convert("RGB").getpixel((5, 10)), RED)
    assert close(result.convert("RGB").getpixel((35, 10)), BLUE)
    assert source.tell() == 0


def test_without_metadata_drops_every_text_chunk_of_a_png() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Kari Nordmann")
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    text.add_text("Comment", "Hemmelig", zip=True)
    source = picture("PNG", pnginfo=text)

    cleaned = without_metadata(source, "image/png")

    chunks = {cleaned[at - 4 : at] for at in range(4, len(cleaned))}
    assert not chunks & {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
    assert b"iCCP" in chunks


@pytest.mark.parametrize(
    ("fmt", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_without_metadata_turns_the_picture__when_the_camera_was_turned(fmt: str, mime: str) -> None:
    result = Image.open(BytesIO(without_metadata(picture(fmt, orientation=6), mime))).convert("RGB")
    assert result.size == (20, 40)
    assert close(result.getpixel((10, 5)), RED)  # what was left is up
    assert close(result.getpixel((10, 35)), BLUE)
    assert dict(result.getexif()) == {}


def test_without_metadata_keeps_quality_of_an_upright_jpeg() -> None:
    noise = Image.effect_noise((64, 64), 60)
    target = BytesIO()
    noise.save(target, "JPEG", quality=60)
    before = Image.open(BytesIO(target.getvalue()))
    after = Image.open(BytesIO(without_metadata(target, "image/jpeg")))
    assert after.quantization == before.quantization
    assert len(before.quantization) == 1


def test_without_metadata_takes_one_picture_of_several_in_a_phone_jpeg() -> None:
    target = BytesIO()
    Image.new("RGB", (40, 20), RED).save(
        target,
        "MPO",
        save_all=True,
        append_images=[Image.new("RGB", (40, 20), BLUE)],
        exif=camera_exif().tobytes(),
    )
    result = Image.open(BytesIO(without_metadata(target, "image/jpeg")))
    assert result.format == "JPEG"
    assert close(result.getpixel((5, 5)), RED)
    assert getattr(result, "n_frames", 1) == 1


def test_without_metadata_keeps_transparency() -> None:
    target = BytesIO()
    palette = Image.new("P", (8, 8), 3)
    palette.putpalette([0, 0, 0] * 3 + list(RED))
    palette.save(target, "PNG", transparency=3)
    result = Image.open(BytesIO(without_metadata(target, "image/png"))).convert("RGBA")
    assert result.getpixel((4, 4)) == (*RED, 0)


@pytest.mark.parametrize(("fmt", "mime"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_without_metadata_keeps_an_animation(fmt: str, mime: str) -> None:
    target = BytesIO()
    frames = [Image.new("RGB", (40, 20), color) for color in (RED, BLUE, (0, 90, 0))]
    frames[0].save(
        target,
        fmt,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        exif=camera_exif().tobytes(),
        lossless=True,
    )
    cleaned = without_metadata(target, mime)
    result = Image.open(BytesIO(cleaned))
    seen = []
    for index in range(result.n_frames):
        result.seek(index)
        result.load()
        seen.append((result.info["duration"], result.convert("RGB").getpixel((5, 5))))
    assert [duration for duration, _ in seen] == [100, 200, 300]
    assert all(close(pixel, color) for (_, pixel), color in zip(seen, [RED, BLUE, (0, 90, 0)], strict=True))
    assert b"Kari Nordmann" not in cleaned


def test_lossless_webp_stays_lossless() -> None:
    noise = Image.effect_noise((64, 64), 60).convert("RGB")
    target = BytesIO()
    noise.save(target, "WEBP", lossless=True, exif=camera_exif().tobytes())
    assert Image.open(BytesIO(without_metadata(target, "image/webp"))).tobytes() == noise.tobytes()


@pytest.mark.parametrize("size", [(11, 10), (30, 30)])
def test_without_metadata_refuses_a_bomb(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    target = BytesIO()
    Image.new("RGB", size).save(target, "PNG")
    monkeypatch.setattr(images, "MAX_PIXELS", 100)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 90)  # warned about at 110, refused by Pillow at 900
    with pytest.raises(UnacceptableFile, match="for stort"):
        without_metadata(target, "image/png")


def test_without_metadata_counts_every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    target = BytesIO()
    frames = [Image.new("L", (10, 10), shade) for shade in range(0, 250, 50)]
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    monkeypatch.setattr(images, "MAX_PIXELS", 499)
    with pytest.raises(UnacceptableFile, match="for stort"):
        without_metadata(target, "image/png")


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp"])
def test_without_metadata_refuses_what_is_broken(mime: str) -> None:
    fmt = mime.removeprefix("image/").upper()
    whole = picture(fmt).getvalue()
    for content in (b"", b"not a picture", whole[: len(whole) // 2], whole[:30]):
        with pytest.raises(UnacceptableFile, match="skadet"):
            without_metadata(BytesIO(content), mime)


def test_without_metadata_refuses_another_kind_than_it_was_told() -> None:
    with pytest.raises(UnacceptableFile, match="skadet"):
        without_metadata(picture("PNG"), "image/jpeg")


def test_without_metadata_writes_a_gif_anew_without_its_comment() -> None:
    target = BytesIO()
    frames = [Image.new("RGB", (20, 10), color) for color in (RED, BLUE)]
    frames[0].save(
        target, "GIF", save_all=True, append_images=frames[1:], duration=[100, 200], comment=b"Hemmelig"
    )
    cleaned = without_metadata(target, "image/gif")
    assert b"Hemmelig" not in cleaned
    assert Image.open(BytesIO(cleaned)).n_frames == 2


def test_without_metadata_takes_a_gif_with_one_picture() -> None:
    target = BytesIO()
    Image.new("RGB", (20, 10), RED).save(target, "GIF")
    assert Image.open(BytesIO(without_metadata(target, "image/gif"))).size == (20, 10)
