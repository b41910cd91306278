"""The gallery shows every component, and nothing in it breaks the rules of the house."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

from core.templatetags.ui import html_attrs
from core.ui import ICONS, diff_words, icon_of_address, initials_of
from core.ui_gallery import ExampleForm, context_of_gallery

if TYPE_CHECKING:
    from django.test import RequestFactory

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted(path.stem.replace("_", "-") for path in (ROOT / "templates/cotton").glob("*.html"))
# Components of the frame, and those another component of the gallery stands in for.
SHOWN_ELSEWHERE = {"logo", "page-header", "form", "transition-bar"}


def render(source: str, **context: object) -> str:
    template = engines["django"].engine.get_template("cotton/icon.html").engine
    loader = template.template_loaders[0]
    while not hasattr(loader, "cotton_compiler"):
        loader = loader.loaders[0]
    compiled = loader.cotton_compiler.process(source)
    return engines["django"].from_string(compiled).render(context)


@pytest.fixture
def gallery(rf: RequestFactory) -> str:
    request = rf.get("/ui/", {"errors": ""})
    return render_to_string("ui/gallery.html", context_of_gallery(request), None)


def test_gallery__shows_every_component() -> None:
    source = (ROOT / "templates/ui/gallery.html").read_text()
    shown = set(re.findall(r"<c-([a-z-]+)", source))
    assert set(COMPONENTS) - shown == SHOWN_ELSEWHERE


def test_gallery__leaves_no_tag_uncompiled(gallery: str) -> None:
    assert not re.findall(r"</?c-[a-z-]+", gallery)
    assert "#missing" not in gallery


def test_gallery__has_unique_ids(gallery: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    assert sorted(ids) == sorted(set(ids))


def test_gallery__links_every_error_to_a_control(gallery: str) -> None:
    summary = gallery.split("<ds-error-summary")[1].split("</ds-error-summary>", maxsplit=1)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 6
    assert all(f'id="{target}"' in gallery for target in targets)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template__keeps_the_content_security_policy(path: Path) -> None:
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"\bhx-on|hx-vals=[\"']js:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert "<style" not in source


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name == "cotton"], ids=lambda path: path.stem
)
def test_component__says_what_it_takes(path: Path) -> None:
    source = path.read_text()
    assert source.startswith("{% comment %}")
    documented = source.split("{% endcomment %}")[0]
    declared = re.search(r"<c-vars (.*?)/>", source, flags=re.DOTALL)
    names = re.findall(r'(?:^|\s):?([a-z_]+)="', declared[1]) if declared else []
    assert [name for name in names if name not in {"class", *re.findall(r"[a-z_]+", documented)}] == []


def test_icons__are_those_in_the_sprite() -> None:
    sprite = (ROOT / "static/stafett/icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([a-z-]+)"', sprite)) == ICONS


def test_icons__used_in_templates_exist() -> None:
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'(?:<c-icon name|\bicon(?:_after)?)="([a-z-]+)"', path.read_text())
    }
    assert used - ICONS == {"none"}


def test_attributes__are_escaped() -> None:
    evil = '"x" onmouseover=alert(1) y="z"'
    html = render('<c-card title="T" :data-note="note">x</c-card>', note=evil)
    assert "onmouseover=alert(1) y=" in html
    assert 'data-note="&quot;x&quot; onmouseover=alert(1) y=&quot;z&quot;"' in html
    assert html_attrs({"hidden": True, "data-x": None, "title": "<b>"}) == ' title="&lt;b&gt;" hidden'


def test_text__is_escaped_once() -> None:
    html = render(
        '<c-tag tone="success">{{ text }}</c-tag><c-card title="{{ text }}">x</c-card>', text="Vann & <vei>"
    )
    assert html.count("Vann &amp; &lt;vei&gt;") == 2
    assert "&amp;amp;" not in html


def test_tag__unknown_tone_is_neutral() -> None:
    assert 'data-color="neutral"' in render('<c-tag tone="{{ tone }}">x</c-tag>', tone='"><script>')


def test_nested_component__does_not_take_the_attributes_of_its_parent() -> None:
    html = render('<c-card title="Ytre" class="ytre"><c-card>indre</c-card></c-card>')
    assert html.count("Ytre") == 1
    assert html.count("card ytre") == 1


def test_form_component__writes_errors_fields_and_buttons() -> None:
    html = render('<c-form :form="form" submit="Send inn" cancel_url="/tiltak/" />', form=ExampleForm({}))
    assert html.index("<ds-error-summary") < html.index('id="id_title"') < html.index("Send inn")
    assert "novalidate" in html
    assert 'enctype="multipart/form-data"' in html
    assert '<a class="ds-button" href="/tiltak/"' in html


def test_form_component__lets_the_page_order_the_fields() -> None:
    html = render('<c-form :form="form">{{ form.sector.as_field_group }}</c-form>', form=ExampleForm())
    assert 'id="id_sector"' in html
    assert 'id="id_title"' not in html
    assert "<ds-error-summary" not in html


def test_page_header_component__shows_status_and_actions() -> None:
    html = render(
        '<c-page-header title="Digital byggesak" kicker="Tiltak 14"><c-slot name="status">I gang</c-slot>'
        '<c-slot name="actions"><c-button>Endre</c-button></c-slot></c-page-header>'
    )
    assert html.count("<h1") == 1
    assert re.search(r'page-header__status">I gang', html)
    assert re.search(r"page-header__actions.*Endre", html, flags=re.DOTALL)


def shell(**context: object) -> str:
    nav = [
        {"label": "Start", "url": "/", "current": False, "badge": None},
        {"label": "Mine oppgaver", "url": "/oppgaver/", "current": False, "is_inbox": True},
        {"label": "Tiltak", "url": "/tiltak/", "current": True, "badge": None},
    ]
    return render_to_string("base.html", {"nav": nav, "inbox_count": 3, **context})


def test_shell__marks_where_one_is_and_what_waits() -> None:
    html = shell()  # each entry stands in the top, the bottom bar and the sheet
    assert len(re.findall(r'href="/tiltak/" aria-current="page"', html)) == 3
    assert html.count("(3 venter)") == 3
    assert "(0 venter)" not in shell(inbox_count=0)
    assert "Demo:" not in html
    assert "Demo:" in shell(demo_mode=True)


def test_shell__keeps_the_chosen_colors() -> None:
    assert 'data-color-scheme="auto"' in shell()
    assert 'data-color-scheme="dark"' in shell(color_scheme="dark")


def test_shell__links_to_the_accessibility_statement() -> None:
    assert 'href="https://uustatus.no/nb/x"' in shell(accessibility_url="https://uustatus.no/nb/x")
    assert "Tilgjengelighetserklæring" not in shell()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "errors/409"])
def test_error_page__says_what_to_do_without_any_context(code: str) -> None:
    html = render_to_string(f"{code}.html")
    assert html.count("<h1") == 1
    assert "data-error-text" in html
    assert 'href="/"' in html


def test_conflict_page__loses_nothing_that_was_typed() -> None:
    html = render_to_string("errors/409.html", {"mine": {"Tittel": "Min <b>"}, "theirs": {"Tittel": "Deres"}})
    assert "Min &lt;b&gt;" in html
    assert "Deres" in html
    assert "Noen andre har endret dette" in html


def test_conflict_page__gives_the_reasons() -> None:
    html = render_to_string("errors/409.html", {"reasons": ["Fristen er ute"], "back_url": "/tiltak/7/"})
    assert re.search(r"data-error-text>.*Fristen er ute", html, flags=re.DOTALL)
    assert 'href="/tiltak/7/"' in html


def test_diff__keeps_adds_and_removes_words() -> None:
    parts = diff_words("ramme på 1 mill. kr", "ramme på 1,2 mill. kr nå")
    assert [(part.kind, part.text) for part in parts] == [
        ("kept", "ramme på"),
        ("removed", "1"),
        ("added", "1,2"),
        ("kept", "mill. kr"),
        ("added", "nå"),
    ]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Kari Nordmann", "KN"), ("Áilu Sárá Eŋgevold", "ÁE"), ("Ola", "O"), ("", "?"), ("Per (vikar)", "P")],
)
def test_initials__first_and_last(name: str, letters: str) -> None:
    assert initials_of(name) == letters


@pytest.mark.parametrize(
    ("address", "icon"),
    [("/", "home"), ("/oppgaver/", "inbox"), ("/tiltak/nytt/", "initiative"), ("/ukjent/", "dot")],
)
def test_icon_of_address__follows_the_start(address: str, icon: str) -> None:
    assert icon_of_address(address) == icon


def test_stylesheets__never_name_a_fixed_text_color() -> None:
    for name in ("app.css", "components.css", "forms.css"):
        css = (ROOT / "static/stafett" / name).read_text()
        assert not re.search(r"(?<![-\w])color:\s*#", css), name
