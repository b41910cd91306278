"""Forms read what people in Norway write, and render right without JavaScript."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape

from core.forms import (
    CheckboxList,
    DateField,
    DateTimeField,
    DecimalField,
    FilesField,
    FilterForm,
    Form,
    IntegerField,
    MoneyField,
    RadioCards,
    SearchChoiceField,
)
from core.forms.base import ModelForm, formfield
from core.ui_gallery import ExampleForm
from organization.models import Exposure


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250000", "1250000"),
        ("1 250 000,50", "1250000.50"),
        ("1\u00a0250\u00a0000", "1250000"),
        ("1\u202f250", "1250"),
        ("1.250.000,50", "1250000.50"),
        ("1.250.000", "1250000"),
        ("0.125", "0.125"),
        ("12.5", "12.5"),
        ("\u22125,5", "-5.5"),
        ("-3", "-3"),
    ],
)
def test_number_fields__read_as_norwegians_write(text: str, number: str) -> None:
    assert DecimalField().clean(text) == Decimal(number)


def test_number_fields__read_a_point_by_the_decimals_there_is_room_for() -> None:
    assert IntegerField().clean("1.250") == 1250
    assert DecimalField(max_digits=12, decimal_places=2).clean("1.250") == 1250
    assert MoneyField().clean("1.250 kr") == 1250
    for field in (DecimalField(), DecimalField(max_digits=16, decimal_places=4)):
        with pytest.raises(ValidationError, match="eller 1,250"):
            field.clean("1.250")
        assert field.clean("1 250") == 1250
        assert field.clean("1,250") == Decimal("1.25")
    with pytest.raises(ValidationError, match="kan bety to ting"):
        MoneyField().clean("1.250 mill.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tolv",
        "1,2,3",
        "12..5",
        "NaN",
        "Infinity",
        "1e9",
        "12 kr",
        "--3",
        "1 250 000,",
        "1,000.50",
        "12 50",
    ],
)
def test_number_fields__refuse_what_is_none(text: str) -> None:
    for field in (DecimalField(), IntegerField()):
        with pytest.raises(ValidationError):
            field.clean(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 250 000,50", "1250000.50"),
        ("1250000 kr", "1250000"),
        ("kr 1 250 000", "1250000"),
        ("1.250.000,-", "1250000"),
        ("4,9 mill.", "4900000"),
        ("4,9 millioner kr", "4900000"),
        ("2 mrd", "2000000000"),
        ("750 tusen", "750000"),
    ],
)
def test_money_field__reads_amounts(text: str, amount: str) -> None:
    assert MoneyField().clean(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["mye", "mill", "12 mill 5", "1,555", "kr", "12 euro"])
def test_money_field__refuses_other_text(text: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1250000.00"), "1 250 000"),
        (Decimal("1250000.50"), "1 250 000,50"),
        (Decimal("4.9E+6"), "4 900 000"),
        (0, "0"),
        ("mye", "mye"),
        (None, None),
    ],
)
def test_money_field__shows_what_it_can_read_again(value: Any, written: str | None) -> None:
    shown = MoneyField().prepare_value(value)
    assert (shown.replace("\u00a0", " ") if shown else shown) == written


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-03",
        "3.12.2026",
        "03.12.2026",
        "3. 12. 2026",
        "3.12.26",
        "3/12/2026",
        "3. desember 2026",
        "3 des 2026",
    ],
)
def test_date_field__reads_norwegian_dates(text: str) -> None:
    assert DateField().clean(text) == dt.date(2026, 12, 3)


@pytest.mark.parametrize("text", ["i morgen", "31.2.2026", "12/31/2026", "3. desembre"])
def test_date_field__says_how_to_write(text: str) -> None:
    with pytest.raises(ValidationError, match=r"3\.12\.2026"):
        DateField().clean(text)


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "3.12.0226"])
def test_date_field__asks_about_a_year_that_nobody_means(text: str) -> None:
    with pytest.raises(ValidationError, match="Sjekk årstallet"):
        DateField().clean(text)
    with pytest.raises(ValidationError, match="Sjekk årstallet"):
        DateTimeField().clean(f"{text}T10:00" if "-" in text else f"{text} 10.00")


def test_date_field__keeps_text_it_cannot_read() -> None:
    class Plan(Form):
        starts = DateField(label="Oppstart")

    assert 'type="text"' in str(Plan({"starts": "i morgen"})["starts"])
    assert 'value="i morgen"' in str(Plan({"starts": "i morgen"})["starts"])
    html = str(Plan({"starts": "2026-12-03"})["starts"])
    assert 'type="date"' in html
    assert 'value="2026-12-03"' in html


@pytest.mark.parametrize(
    "text", ["2026-12-03T14:30", "3.12.2026 14.30", "3.12.2026 kl. 14.30", "3.12.2026 14:30"]
)
def test_date_time_field__reads_norwegian_times(text: str) -> None:
    assert DateTimeField().clean(text).astimezone(dt.UTC) == dt.datetime(2026, 12, 3, 13, 30, tzinfo=dt.UTC)


def test_integer_field__accepts_only_whole_numbers() -> None:
    assert IntegerField().clean("12 000") == 12000
    assert IntegerField().clean("12,0") == 12
    with pytest.raises(ValidationError):
        IntegerField().clean("12,5")


def test_decimal_field__changed_only_when_the_number_differs() -> None:
    field = DecimalField(required=False)
    assert not field.has_changed(Decimal("1250.50"), "1 250,5")
    assert field.has_changed(Decimal("1250.50"), "1 250,6")


class Mixed(Form):
    title = forms.CharField(label="Tittel", max_length=80)
    note = forms.CharField(
        label="Merknad", widget=forms.Textarea, max_length=10, required=False, help_text="Kort & godt"
    )
    kind = forms.ChoiceField(
        label="Type", choices=[("a", "Ny"), ("b", "Gammel")], widget=RadioCards(descriptions={"a": "Helt ny"})
    )
    who = forms.MultipleChoiceField(
        label="Hvem", choices=[("x", "Alle")], widget=CheckboxList, required=False
    )
    cost = MoneyField(label="Kostnad", required=False)
    sure = forms.BooleanField(label="Sikker")


def test_field_group__connects_label_description_and_error() -> None:
    html = Mixed({"note": "x" * 11})["note"].as_field_group()
    assert '<label class="ds-label" for="id_note">Merknad' in html
    assert '<div class="field__help" id="id_note_helptext">Kort &amp; godt</div>' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_note_error"' in html
    assert "Skriv høyst 10 tegn. Nå er det 11." in html


def test_field_group__has_a_counter_only_without_errors() -> None:
    # ds-field 1.22.0 takes aria-invalid away from a field that has a counter.
    assert 'data-limit="10"' in Mixed()["note"].as_field_group()
    assert "data-limit" not in Mixed({"note": "x" * 11})["note"].as_field_group()
    assert "maxlength" not in Mixed()["note"].as_field_group()
    assert 'maxlength="80"' in Mixed()["title"].as_field_group()


def test_field_group__counts_only_where_the_end_is_near() -> None:
    class Essay(Form):
        body = forms.CharField(label="Tekst", widget=forms.Textarea, max_length=8000)

    html = Essay()["body"].as_field_group()
    assert "data-limit" not in html
    assert "maxlength" not in html


def test_model_form__asks_in_the_empty_choice() -> None:
    class ExposureForm(ModelForm):
        class Meta:
            model = Exposure
            fields = ("kind",)

    html = str(ExposureForm()["kind"])
    assert '<option value="" selected>Velg</option>' in html
    assert "---" not in html


def test_field_group__marks_demands_only_where_a_form_mixes_them() -> None:
    class AllNeeded(Form):
        one = forms.CharField(label="En")
        two = forms.CharField(label="To")

    assert "Må fylles ut" in Mixed()["title"].as_field_group()
    assert "Valgfritt" in Mixed()["note"].as_field_group()
    assert "fylles ut" not in Mixed()["sure"].as_field_group()
    assert "fylles ut" not in AllNeeded()["one"].as_field_group()
    assert AllNeeded().all_required
    assert not Mixed().all_required


def test_field_group__marks_what_a_draft_needs_later() -> None:
    class Draft(Form):
        must_fill = frozenset({"goal"})
        goal = forms.CharField(label="Mål", required=False)
        note = forms.CharField(label="Merknad", required=False)

    assert "Må fylles ut" in Draft()["goal"].as_field_group()
    assert Draft({}).is_valid()


def test_filter_form__marks_nothing_and_has_ids_of_its_own() -> None:
    class Filters(FilterForm):
        q = forms.CharField(label="Søk", required=False)
        year = forms.CharField(label="År")

    html = Filters()["year"].as_field_group()
    assert "fylles ut" not in html
    assert 'id="filter_year"' in html


def test_field_group__writes_radio_cards_with_descriptions() -> None:
    html = Mixed({})["kind"].as_field_group()
    assert html.count('data-variant="outline"') == 2
    assert "Helt ny" in html
    assert 'aria-labelledby="id_kind_legend"' in html
    assert 'aria-describedby="id_kind_error"' in html
    assert html.count('aria-invalid="true"') == 2
    assert 'for="id_kind_0"' in html


def test_errors__name_their_field() -> None:
    form = Mixed({"cost": "mye"})
    assert form.errors["title"] == ["Du må fylle ut «Tittel»."]
    assert form.errors["kind"] == ["Du må velge «Type»."]
    assert form.errors["sure"] == ["Du må krysse av for «Sikker»."]
    assert form["cost"].summary == ["Kostnad: Skriv beløpet i kroner, for eksempel 1 250 000."]
    assert form["title"].summary == ["Du må fylle ut «Tittel»."]
    assert [field.name for field in form.failing_fields] == ["title", "kind", "cost", "sure"]
    assert form["kind"].focus_id == "id_kind_0"
    assert form["title"].focus_id == "id_title"


def test_errors__name_fields_that_come_late() -> None:
    class Late(Form):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["name"] = forms.CharField(label="Navn")

    assert Late({}).errors["name"] == ["Du må fylle ut «Navn»."]


def test_errors__keep_words_a_field_has_of_its_own() -> None:
    class Own(Form):
        name = forms.CharField(error_messages={"required": "Hva heter du?"})

    assert Own({}).errors["name"] == ["Hva heter du?"]


def test_placeholder__is_left_out() -> None:
    class Login(forms.Form):
        login = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Brukernavn"}))

    assert "placeholder" not in str(Login()["login"])


def test_files_field__returns_every_file() -> None:
    class Papers(Form):
        papers = FilesField(label="Vedlegg")

    files = MultiValueDict({"papers": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]})
    form = Papers({}, files)
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["papers"]] == ["a.txt", "b.txt"]
    assert " multiple" in str(form["papers"])
    assert Papers({}, MultiValueDict()).errors["papers"] == ["Du må legge ved «Vedlegg»."]


def test_model_form__uses_norwegian_fields() -> None:
    class Expiry(ModelForm):
        class Meta:
            model = Session
            fields = ("expire_date",)

    assert isinstance(Expiry().fields["expire_date"], DateTimeField)
    assert Expiry({"expire_date": "3.12.2026 kl. 14.30"}).is_valid()


@pytest.mark.parametrize(
    ("column", "field"),
    [
        (models.DateField(), DateField),
        (models.DateTimeField(), DateTimeField),
        (models.DecimalField(max_digits=5, decimal_places=2), DecimalField),
        (models.PositiveSmallIntegerField(), IntegerField),
        (models.IntegerField(choices=[(1, "En")]), forms.TypedChoiceField),
        (models.CharField(max_length=5), forms.CharField),
    ],
)
def test_formfield__is_the_norwegian_one(column: models.Field[Any, Any], field: type[forms.Field]) -> None:
    assert type(formfield(column)) is field


@pytest.fixture
def groups(db: None) -> list[Group]:
    return [Group.objects.create(name=name) for name in ("Kari Nordmann", "Kari Hansen", "Ola Hansen")]


@pytest.fixture
def field(groups: list[Group]) -> SearchChoiceField:
    return SearchChoiceField(Group.objects.order_by("pk"), label_from=lambda group: f"{group.name} (Skole)")


def test_search_choice__takes_the_text_of_a_suggestion(field: SearchChoiceField, groups: list[Group]) -> None:
    assert field.clean("Kari Hansen (Skole)") == groups[1]
    assert field.clean("  kari   HANSEN (skole) ") == groups[1]


def test_search_choice__takes_part_of_a_name_that_fits_one(
    field: SearchChoiceField, groups: list[Group]
) -> None:
    assert field.clean("ola") == groups[2]
    assert field.clean("hansen kari") == groups[1]


def test_search_choice__explains_what_fits_none_or_several(field: SearchChoiceField) -> None:
    with pytest.raises(ValidationError, match="Fant ingen treff på «Per»"):
        field.clean("Per")
    with pytest.raises(ValidationError, match=r"kan bety flere: Kari Hansen \(Skole\); Ola Hansen \(Skole\)"):
        field.clean("Hansen")
    with pytest.raises(ValidationError):
        field.clean("Hansen (Helse)")


def test_search_choice__never_finds_what_the_queryset_hides(
    field: SearchChoiceField, groups: list[Group]
) -> None:
    field.queryset = Group.objects.exclude(pk=groups[2].pk)
    with pytest.raises(ValidationError):
        field.clean("Ola Hansen (Skole)")
    with pytest.raises(ValidationError):
        field.clean(f"Ola Hansen (Skole) – nr. {groups[2].pk}")


def test_search_choice__tells_rows_with_the_same_label_apart(groups: list[Group]) -> None:
    field = SearchChoiceField(Group.objects.order_by("pk"), label_from=lambda group: group.name.split()[0])
    first, second = field.options("Kari")
    assert first == f"Kari – nr. {groups[0].pk}"
    assert field.clean(second) == groups[1]
    with pytest.raises(ValidationError, match="nr"):
        field.clean("Kari")


def test_search_choice__shows_the_chosen_row(field: SearchChoiceField, groups: list[Group]) -> None:
    class Task(Form):
        owner = field

    form = Task(initial={"owner": groups[0]})
    html = form["owner"].as_field_group()
    assert 'value="Kari Nordmann (Skole)"' in html
    assert Task(initial={"owner": groups[0].pk})["owner"].value() == "Kari Nordmann (Skole)"
    assert not field.has_changed(groups[0].pk, "Kari Nordmann (Skole)")
    assert field.has_changed(groups[0].pk, "Ola")
    assert Task({"owner": "Per"})["owner"].value() == "Per"


def test_search_choice__has_a_list_that_loads_itself() -> None:
    html = ExampleForm()["owner"].as_field_group()
    assert 'list="id_owner_options"' in html
    assert '<datalist id="id_owner_options" hx-get="/ui/"' in html
    assert escape("input changed delay:200ms from:#id_owner") in html


def test_search_choice__refuses_a_text_no_name_is_as_long_as(field: SearchChoiceField) -> None:
    with pytest.raises(ValidationError, match="for lang"):
        field.clean("a " * 2000)
    assert field.options("xq " * 5000) == []
