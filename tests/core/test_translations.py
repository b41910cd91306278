from __future__ import annotations

import gettext
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.translations import (
    catalog_path,
    compile_catalog,
    extract,
    languages,
    problems_of,
    unmarked_text,
    update_catalog,
)

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
# Translators: a button
SAVE = _("Lagre")
LONG = _(
    "Del én, "
    "del to"
)
def told(n):
    return ngettext("%(n)d sak", "%(n)d saker", n) % {"n": n}, pgettext("måned", "Mai"), other("Ikke denne")
"""
TEMPLATE = """{% load i18n %}
<form>
      <h1>{% translate "Tiltak" %}</h1>
  <p title="{% translate 'Hjelp' %}">{% blocktranslate count n=saker|length trimmed %}
      {{ n }} sak i køen
    {% plural %}
      {{ n }} saker i køen
  {% endblocktranslate %}</p>
        {{ _("Ferdig") }} {% translate "Mai" context "måned" %} it's "quoted ( text
{# {% translate "Kommentar" %} #}</form>
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one text of each kind, and texts where nobody shall look."""
    for name, content in {
        "app/views.py": PYTHON,
        "templates/app/page.html": TEMPLATE,
        "app/mail.txt": '{% load i18n %}{% translate "Hei" %}',
        "app/paper.typ": '#t("Protokoll")',
        "tests/test_x.py": '_("I en test")',
        "node_modules/x/x.py": '_("I en pakke")',
        ".venv/x.py": '_("I et miljø")',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path / "locale"])
    return tmp_path


def begin(project: Path, *entries: str, language: str = "nn") -> Path:
    """Write a catalog with ``entries`` and return the locale folder."""
    path = catalog_path(project / "locale", language)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    path.write_text("\n".join([head, *entries]), encoding="utf-8")
    return project / "locale"


def run(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out, stderr=out)
    return out.getvalue()


def test_extract_finds_texts_in_python_templates_and_pdf_templates(project: Path) -> None:
    found = {(message.context, message.id) for message in extract(project) if message.id}
    assert found == {
        (None, "Lagre"),
        (None, "Del én, del to"),
        (None, ("%(n)d sak", "%(n)d saker")),
        ("måned", "Mai"),
        (None, "Tiltak"),
        (None, "Hjelp"),
        (None, ("%(n)s sak i køen", "%(n)s saker i køen")),
        (None, "Ferdig"),
        (None, "Hei"),
        (None, "Protokoll"),
    }


def test_extract_keeps_places_and_comments(project: Path) -> None:
    catalog = extract(project)
    assert catalog["Lagre"].auto_comments == ["Translators: a button"]
    assert catalog["Lagre"].locations == [("app/views.py", 4)]
    assert catalog["Tiltak"].locations == [("templates/app/page.html", 3)]
    assert {name for name, _ in catalog.get("Mai", "måned").locations} == {
        "app/views.py",
        "templates/app/page.html",
    }


def test_update_begins_a_catalog_and_then_changes_nothing(project: Path) -> None:
    source = extract(project)
    assert update_catalog(project / "locale", "nn", source)
    assert languages(project / "locale") == ["nn"]
    content = catalog_path(project / "locale", "nn").read_text("utf-8")
    assert '#: app/views.py\nmsgid "Lagre"\nmsgstr ""' in content
    assert not update_catalog(project / "locale", "nn", source)


def test_update_keeps_translations_and_lays_old_ones_aside(project: Path) -> None:
    locale = begin(project, 'msgid "Lagre"\nmsgstr "Lagra"\n', 'msgid "Borte"\nmsgstr "Vekk"\n')
    update_catalog(locale, "nn", extract(project))
    content = catalog_path(locale, "nn").read_text("utf-8")
    assert 'msgid "Lagre"\nmsgstr "Lagra"' in content
    assert '#~ msgid "Borte"\n#~ msgstr "Vekk"' in content
    assert "fuzzy" not in content


def test_compile_writes_what_django_reads__without_guesses(project: Path) -> None:
    locale = begin(
        project,
        'msgid "Lagre"\nmsgstr "Lagra"\n',
        '#, fuzzy\nmsgid "Tiltak"\nmsgstr "Gjetta"\n',
        'msgid "%(n)d sak"\nmsgid_plural "%(n)d saker"\nmsgstr[0] "%(n)d sak"\nmsgstr[1] "%(n)d saker!"\n',
    )
    with compile_catalog(locale, "nn").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Lagre") == "Lagra"
    assert translations.gettext("Tiltak") == "Tiltak"
    assert translations.ngettext("%(n)d sak", "%(n)d saker", 3) == "%(n)d saker!"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Lagre"\nmsgstr ""\n', "«Lagre»: not translated"),
        ('#, fuzzy\nmsgid "Lagre"\nmsgstr "Lagra"\n', "«Lagre»: fuzzy"),
        ('msgid "Lagre"\nmsgstr "Lagre"\n', "«Lagre»: the same as in bokmål"),
        ('msgid "Borte"\nmsgstr "Vekk"\n', "«Borte»: no longer in the source"),
        ('#~ msgid "Borte"\n#~ msgstr "Vekk"\n', "«Borte»: obsolete"),
        (
            'msgid "%(n)d sak"\nmsgid_plural "%(n)d saker"\nmsgstr[0] "ei sak"\nmsgstr[1] ""\n',
            "«%(n)d sak»: not translated",
        ),
        (
            'msgid "%(n)d sak"\nmsgid_plural "%(n)d saker"\nmsgstr[0] "ei sak"\nmsgstr[1] "%(antal)d saker"\n',
            "«%(n)d sak»: other placeholders or tags: %(antal)d, %(n)d",
        ),
    ],
)
def test_check_tells_what_is_wrong(entry: str, problem: str, project: Path) -> None:
    locale = begin(project, entry)
    assert any(found.startswith(problem) for found in problems_of(locale, "nn", extract(project)))


def test_check_compares_braces_and_tags(project: Path) -> None:
    (project / "app/paper.typ").write_text('#t("Side {page} av <b>{pages}</b>")', encoding="utf-8")
    locale = begin(project, 'msgid "Side {page} av <b>{pages}</b>"\nmsgstr "Side {page} av <b>{sider}"\n')
    found = [problem for problem in problems_of(locale, "nn", extract(project)) if "placeholders" in problem]
    assert found == ["«Side {page} av <b>{pages}</b>»: other placeholders or tags: </b, {pages}, {sider}"]


def test_check_names_every_text_that_the_catalog_lacks(project: Path) -> None:
    problems = problems_of(begin(project), "nn", extract(project))
    assert len(problems) == 10
    assert "«Protokoll»: not in the catalog, run extract_messages" in problems


def test_check_lets_a_singular_leave_its_number_out(project: Path) -> None:
    entry = 'msgid "%(n)d sak"\nmsgid_plural "%(n)d saker"\nmsgstr[0] "ei sak"\nmsgstr[1] "%(n)d saker!"\n'
    problems = problems_of(begin(project, entry), "nn", extract(project))
    assert not [problem for problem in problems if "sak»" in problem and "not in" not in problem]


def test_check_allows_what_is_rightly_the_same(project: Path) -> None:
    locale = begin(project, 'msgid "Lagre"\nmsgstr "Lagre"\n')
    (locale / "nn" / "identical.txt").write_text("Lagre\n", encoding="utf-8")
    assert not [problem for problem in problems_of(locale, "nn", extract(project)) if "«Lagre»" in problem]


def test_commands_work_without_any_catalog(project: Path) -> None:
    assert "begin one with --new nn" in run("extract_messages")
    assert "every catalog is up to date" in run("extract_messages", "--check")
    assert "no catalog yet" in run("compile_catalogs")
    assert "no problems in 0 catalogs" in run("check_catalogs")


def test_commands_take_a_catalog_from_empty_to_complete(project: Path) -> None:
    run("extract_messages", "--new", "nn")
    with pytest.raises(CommandError, match="10 problems"):
        run("check_catalogs")
    path = catalog_path(project / "locale", "nn")
    translated = path.read_text("utf-8")
    for empty, full in (
        ('msgstr[0] ""', 'msgstr[0] "éi"'),
        ('msgstr[1] ""', 'msgstr[1] "%(n)s!"'),
        ('msgstr ""\n\n', 'msgstr "Omsett"\n\n'),
    ):
        translated = translated.replace(empty, full)
    path.write_text(translated.replace('"%(n)s!"', '"%(n)d!"', 1), encoding="utf-8")
    assert "no problems in 1 catalogs of 10 texts" in run("check_catalogs")
    assert "nn: " in run("compile_catalogs")
    (project / "app/views.py").write_text('_("Nytt")', encoding="utf-8")
    with pytest.raises(CommandError, match="nn not up to date"):
        run("extract_messages", "--check")
    assert "nn: updated" in run("extract_messages")


def test_everything_marked_in_this_project_can_be_extracted() -> None:
    catalog = extract(settings.BASE_DIR)
    assert catalog["%(date)s kl. %(time)s"].locations[0][0] == "core/formats.py"
    assert len(catalog) > 200


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% translate 'Hei' %} {{ name }} – 3 %</p>", []),
        ("<p>Hei</p>", ["Hei"]),
        ("<p>{{ n }} saker</p>", ["saker"]),
        ("{% if x == 'Hei' %}<p>{% blocktranslate %}Hei <b>du</b>{% endblocktranslate %}</p>{% endif %}", []),
        ("{% blocktrans with x=y %}Hei{% endblocktrans %}{# Hei #}{% comment 'x' %}Hei{% endcomment %}", []),
        ('<input placeholder="Søk" value="Kari">', ['placeholder="Søk"']),
        ("<input type=submit value='Lagre'>", ['value="Lagre"']),
        ("<img alt=\"{% translate 'Kart' %}\"><img alt=\"Kart\"/>", ['alt="Kart"']),
        ('<button aria-label="Lukk {{ x }}"></button>', ['aria-label="Lukk \ufffc"']),
        ('<c-alert title="Hei" tone="info" :level="x" cancel_label="Nei" />', ['title="Hei"', 'cancel_label="Nei"']),
        ('<c-task_item status="draft" hint="{{ x }}">{% translate "Hei" %}</c-task_item>', []),
        ("<script>let a = 'Hei'</script><style>p { color: red }</style><code>Hei</code>", []),
        ('<svg viewBox="0 0 1 1"><path d="M1"/><text>Hei</text></svg><p>Ja</p>', ["Ja"]),
        ('<span translate="no">Designsystemet <b>Inter</b><br></span><p>Ja</p>', ["Ja"]),
        ("<h1>Stafett</h1>", []),
        ("{% block body_class %}shell{% endblock %}{% block title %}Saker{% endblock %}", ["Saker"]),
        ("<p>&nbsp;·&mdash; 12</p>", []),
        ("<p>{{ name|default:'Uten navn' }}</p>", ["Uten navn"]),
        ("<p class=\"{{ kind|default:'plain' }}\">{{ x|default:_('Ja') }}</p>", []),
        ('<{% if url %}a href="{{ url }}"{% else %}button type="button"{% endif %} class="x">{{ y }}</{% if url %}a{% else %}button{% endif %}>', []),
        ("<title>Saker</title><textarea>Skriv</textarea>", ["Saker", "Skriv"]),
    ],
)  # fmt: skip
def test_unmarked_text_is_found(source: str, found: list[str]) -> None:
    assert unmarked_text(source) == found
