from __future__ import annotations

import datetime as dt
import json
import logging
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
from django.conf import settings
from django.utils import translation
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from core.pdf import PdfError, Sheet, fonts, render, rendering
from core.pdf.rendering import clean_text, showable
from core.pdf.texts import messages, translated_texts

NOW = dt.datetime(2026, 12, 4, 9, 0, tzinfo=dt.UTC)
SHEET = Sheet(organization="Elvdal kommune", kind="Notat", reference="2026/1234")
NASTY = '#panic(1) *x* $y$ <a> `raw` @ref // comment \\ [x] "q"'


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template outside the repository, in a root of its own that holds the house style."""
    (tmp_path / "core/pdf").mkdir(parents=True)
    (tmp_path / "core/pdf/templates").symlink_to(settings.BASE_DIR / "core/pdf/templates")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    path = tmp_path / "note.typ"
    path.write_text(
        '#import "/core/pdf/templates/_house.typ": *\n#show: house\n= #data.title\n'
        '#prose(data.text)\n#data-table((t("Navn"), [kr]), ((data.title, data.amount),), align: "lr")\n'
        '#if "svg" in data { chart(data.svg, data.alt, caption: data.title) }\n',
        encoding="utf-8",
    )
    return path


def made(template: Path, text: str = "", *, title: str = "Notat", lang: str = "nb", **more: Any) -> bytes:
    data = {"title": title, "text": text, "amount": Decimal(1250000), **more}
    return render(template, data, title=title, sheet=SHEET, now=NOW, lang=lang)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_render_makes_an_archive_copy_that_everybody_can_read(template: Path) -> None:
    pdf = made(template, "Hei")
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(nb-NO)" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/TH" in pdf
    assert b">Notat</rdf:li>" in pdf
    assert b"<xmp:CreateDate>2026-12-04T09:00:00+00:00</xmp:CreateDate>" in pdf


@pytest.mark.parametrize(("lang", "declared"), [("nn", b"nn-NO"), ("en", b"en-GB"), ("en-gb", b"en-GB")])
def test_render_declares_its_language(lang: str, declared: bytes, template: Path) -> None:
    assert b"/Lang(" + declared + b")" in made(template, lang=lang)


def test_render_gives_the_same_bytes_for_the_same_input(template: Path) -> None:
    assert made(template, "Hei") == made(template, "Hei")
    assert made(template, "Hei") != made(template, "Hallo")


def test_render_never_reads_text_as_markup(template: Path) -> None:
    pdf = made(template, f"{NASTY}\n\n- {NASTY}\n1. {NASTY}", title=NASTY)
    shown = NASTY.replace("<a>", "&lt;a&gt;").replace('"', "&quot;").encode()
    assert shown in pdf or shown.replace(b"&quot;", b'"') in pdf


@pytest.mark.parametrize(
    "text", ["", " \n\n \n", "-", "- ", "1.", "1. ", "\n- a\n\n\n2) b\ntekst\r\n\r\n• c", "999. x"]
)
def test_render_takes_any_shape_of_text(text: str, template: Path) -> None:
    assert pages(made(template, text)) == 1


def test_render_takes_very_long_text(template: Path) -> None:
    assert pages(made(template, "Lang tekst med ord og tall 123. " * 6250)) > 30
    assert pages(made(template, "x" * 200_000)) > 20


def test_render_embeds_fonts_for_sami_letters_and_emoji(
    template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pdf = made(template, "čšžđŋŧ ČŠŽĐŊŦ áÁ 😀 👍🏽 👩‍👩‍👧 ✅")
    assert b"+Inter-Regular" in pdf
    assert b"+NotoEmoji" in pdf
    assert not caplog.records


def test_render_shows_a_square_for_what_no_font_has(template: Path, caplog: pytest.LogCaptureFixture) -> None:
    pdf = made(template, "Navn: 中文", title="Om 中文")
    assert ">Om □□</rdf:li>".encode() in pdf
    assert "'\\u4e2d', '\\u6587'" in caplog.text


def test_render_draws_charts_with_alternative_text(template: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    assert b"/Figure" in made(template, svg=svg, alt="Fra 41 til 27 dager")
    with pytest.raises(PdfError, match="alt"):
        made(template, svg=svg, alt=None)


def test_render_tells_which_template_is_wrong(template: Path) -> None:
    template.write_text(
        '#import "/core/pdf/templates/_house.typ": *\n#show: house\n#data.missing', encoding="utf-8"
    )
    with pytest.raises(PdfError, match=r"note\.typ: .*missing"):
        made(template)


def test_render_works_without_fonts_and_says_so(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings, "PDF_FONT_DIR", tmp_path / "none")
    with caplog.at_level(logging.WARNING):
        pdf = made(template, "Čáhci 😀")
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert "python -m core.pdf.fonts" in caplog.text


def test_render_hands_over_data_in_words_of_the_language(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: dict[str, Any] = {}

    def compile_nothing(_template: Path, **options: Any) -> bytes:
        handed.update(json.loads(options["sys_inputs"]["document"]))
        assert options["ignore_system_fonts"]
        assert options["pdf_standards"] == ["a-2a", "ua-1"]
        return b""

    monkeypatch.setattr(rendering.typst, "compile", compile_nothing)
    made(template, day=dt.date(2026, 12, 3), at=NOW, items=[{"n": 3, "none": None, "yes": True}])
    assert handed["data"] == {
        "title": "Notat",
        "text": "",
        "amount": "1\xa0250\xa0000",
        "day": "3. desember 2026",
        "at": "4. des. 2026 kl. 10.00",
        "items": [{"n": 3, "none": None, "yes": True}],
    }
    assert handed["organization"] == "Elvdal kommune"
    assert handed["texts"]["Navn"] == "Navn"
    assert "Side {page} av {pages}" in handed["texts"]


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("a\x00\x07b\u202ec\ufeff\u200b", "abc"),
        ("A\u030a", "Å"),
        ("\ud800x", "x"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("x" * 40, "x" * 40),
        ("x" * 50, "\u200b".join(["x" * 12] * 4 + ["xx"])),
    ],
)
def test_clean_text_keeps_what_can_be_seen(written: str, clean: str) -> None:
    assert clean_text(written) == clean


def test_showable_writes_promises_and_other_objects_as_text() -> None:
    assert showable({"a": translation.gettext_lazy("Ja"), "b": (1, Path("x"))}) == {"a": "Ja", "b": [1, "x"]}


def test_messages_are_found_in_templates() -> None:
    source = (
        '// #t("Nei")\n#t("Ett")\n#let at("x")\n#facts((t(\n  "To \\"2\\""), x), (t("Side {n}", n: 1), y))'
    )
    assert list(messages(source)) == [(2, "Ett"), (4, 'To "2"'), (5, "Side {n}")]


def test_texts_are_translated(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.pdf.texts.gettext", lambda text: text.upper())
    assert translated_texts(template) == {"Navn": "NAVN", "Side {page} av {pages}": "SIDE {PAGE} AV {PAGES}"}


def test_house_style_names_no_color_twice_and_reads_no_file() -> None:
    for source in (settings.BASE_DIR / "core/pdf/templates").glob("*.typ"):
        text = source.read_text("utf-8")
        assert not re.search(r"\b(read|eval|include|plugin)\(", text)
        colors = re.findall(r'rgb\("(#\w+)"\)', text)
        assert len(colors) == len(set(colors))


# --- Fonts ---------------------------------------------------------------------------------------
@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A ``node_modules`` with a tiny font in each place."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": TTGlyphPen(None).glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Tiny", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff2"
    for source in fonts.SOURCES:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        builder.font.save(tmp_path / source)
    return tmp_path


def test_make_fonts_makes_what_typst_reads(modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    assert fonts.make_fonts(modules, target)
    assert {path.name for path in target.glob("*.ttf")} == set(fonts.SOURCES.values())
    for path in target.glob("*.ttf"):
        assert path.read_bytes().startswith(b"\x00\x01\x00\x00")
        with TTFont(path) as font:
            assert font.getBestCmap() == {65: "A"}


def test_typst_reads_the_fonts_of_the_installation() -> None:
    families = typst.Fonts(False, False, [str(settings.PDF_FONT_DIR)]).families()
    assert sorted(families) == sorted(rendering.FONTS)


def test_make_fonts_does_nothing_the_second_time__until_a_source_changes(
    modules: Path, tmp_path: Path
) -> None:
    target = tmp_path / "made"
    fonts.make_fonts(modules, target)
    before = (target / "Inter-Bold.ttf").stat().st_mtime_ns
    assert not fonts.make_fonts(modules, target)
    assert (target / "Inter-Bold.ttf").stat().st_mtime_ns == before
    (target / "Inter-Bold.ttf").unlink()
    assert fonts.make_fonts(modules, target)
    source = modules / next(iter(fonts.SOURCES))
    other = TTFont(source)
    other["OS/2"].usWeightClass = 500
    other.flavor = "woff2"
    other.save(source)
    assert fonts.make_fonts(modules, target)


def test_make_fonts_tells_what_is_missing(modules: Path, tmp_path: Path) -> None:
    (modules / "inter-ui/web/Inter-Bold.woff2").unlink()
    with pytest.raises(fonts.FontsMissing, match=r"npm ci first: inter-ui/web/Inter-Bold\.woff2"):
        fonts.make_fonts(modules, tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", [name for name in fonts.SOURCES.values() if name.startswith("Inter")])
def test_fonts_of_the_installation_have_norwegian_and_sami_letters(name: str) -> None:
    letters = set("æøåÆØÅáčđŋšŧžÁČĐŊŠŦŽäöüéèêóòôïñ«»–—•…§−€□")
    with TTFont(settings.PDF_FONT_DIR / name) as font:
        assert letters <= {chr(code) for code in font.getBestCmap()}
