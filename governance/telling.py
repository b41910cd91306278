"""Who is told what when an initiative moves on: the notices of the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import short_date
from core.notices import Draft
from governance.hearings.duties import answer_due, answers_for
from organization.actors import nearest_in_roles, people_with
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from governance.models import Hearing, Initiative, PaperComment
    from organization.models import Person


def _tell(
    people: Iterable[Person | None],
    initiative: Initiative,
    event: str,
    title: str,
    body: str = "",
    url: str = "",
) -> Iterator[Draft]:
    """Yield a notice per person.  The version makes the event unique when the same step is taken again."""
    for person in people:
        yield Draft(
            person=person,
            event=f"{event}@{initiative.version}",
            title=title % {"title": initiative.card_title or initiative.public_title or initiative.title},
            body=body,
            url=url or initiative.get_absolute_url(),
        )


def _authors(initiative: Initiative) -> list[Person]:
    return [initiative.submitter, *initiative.co_editors.all()]


def endorsement_is_asked(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    leaders = nearest_in_roles(
        [Role.SECTOR_LEADER], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )
    due = short_date(initiative.due_on) if initiative.due_on else ""
    yield from _tell(
        leaders,
        initiative,
        "endorsement_asked",
        _("Gi tilråding til «%(title)s»"),
        _("Frist %(date)s.") % {"date": due},
    )


def endorsement_is_given(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(_authors(initiative), initiative, "endorsed", _("Sektorleder har tilrådd «%(title)s»"))
    secretariat = people_with(Permission.TRIAGE, municipality_id=initiative.municipality_id)
    yield from _tell(secretariat, initiative, "arrived", _("Ny sak i mottaket: «%(title)s»"))


def endorsement_is_declined(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        _authors(initiative), initiative, "not_endorsed", _("Sektorleder har ikke tilrådd «%(title)s»"),
        _("Les begrunnelsen. Du kan arbeide videre med saken eller trekke den."),
    )  # fmt: skip


def case_is_returned(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    points = "\n".join(f"- {point['text']}" for point in initiative.missing)
    yield from _tell(
        _authors(initiative), initiative, "returned", _("Kompletter «%(title)s» og send inn på nytt"), points
    )


def preparation_is_started(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        [initiative.case_handler], initiative, "assigned", _("Du er saksbehandler for «%(title)s»")
    )
    yield from _tell(_authors(initiative), initiative, "preparing", _("«%(title)s» er under utredning"))
    yield from hearing_is_asked([h for h in initiative.hearings.all() if h.asked_at == now])


def hearing_is_asked(hearings: Iterable[Hearing]) -> Iterator[Draft]:
    for hearing in hearings:
        yield from _tell(
            [hearing.person, hearing.stand_in], hearing.initiative, f"hearing_{hearing.pk}", _("Gi høringssvar til «%(title)s»"),
            due_words(hearing),
        )  # fmt: skip


def due_words(hearing: Hearing) -> str:
    """Return when an answer is due, and for which municipality where somebody may answer for several."""
    words = {"date": short_date(answer_due(hearing)), "municipality": answers_for(hearing)}
    if not words["municipality"]:
        return _("Frist %(date)s.") % words
    return _("Frist %(date)s. Du svarer for %(municipality)s.") % words


def stand_in_is_named(hearing: Hearing, *, by: Actor) -> Iterator[Draft]:
    """Tell the stand-in, and who was asked where somebody else has named one."""
    asked = _("Du er stedfortreder for %(name)s.") % {"name": hearing.person}
    yield from _tell(
        [hearing.stand_in], hearing.initiative, f"stand_in_{hearing.pk}", _("Gi høringssvar til «%(title)s»"),
        f"{asked} {due_words(hearing)}", hearing.get_absolute_url(),
    )  # fmt: skip
    if by.person_id != hearing.person_id:
        yield from _tell(
            [hearing.person], hearing.initiative, f"stood_in_{hearing.pk}", _("Du har fått en stedfortreder i høringen om «%(title)s»"),
            _("%(name)s svarer for deg. Du kan fortsatt svare selv.") % {"name": hearing.stand_in}, hearing.get_absolute_url(),
        )  # fmt: skip


def stand_in_is_let_go(hearing: Hearing, person: Person) -> Iterator[Draft]:
    yield from _tell(
        [person], hearing.initiative, f"let_go_{hearing.pk}", _("Du skal ikke lenger svare på høringen om «%(title)s»"),
        _("Du er ikke stedfortreder for %(name)s lenger.") % {"name": hearing.person},
    )  # fmt: skip


def stand_in_has_left(hearing: Hearing) -> Iterator[Draft]:
    yield from _tell(
        [hearing.person], hearing.initiative, f"stand_in_left_{hearing.pk}", _("Gi høringssvar til «%(title)s»"),
        _("Stedfortrederen din har ikke tilgang lenger. Svar selv, eller navngi en annen. Frist %(date)s.")
        % {"date": short_date(answer_due(hearing))},
        hearing.get_absolute_url(),
    )  # fmt: skip


def paper_is_commented(
    comment: PaperComment, initiative: Initiative, people: Iterable[Person], section: StrOrPromise
) -> Iterator[Draft]:
    """Tell of a comment without its words: they are for those who open the case."""
    yield from _tell(
        people, initiative, f"paper_comment_{comment.pk}", _("Ny kommentar i saksframlegget til «%(title)s»"),
        _("Delen «%(section)s».") % {"section": section},
        url=reverse("governance:paper_comments", args=[initiative.pk, comment.key]),
    )  # fmt: skip


def fast_track_waits(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    leading = people_with(Permission.DECIDE_FAST_TRACK, municipality_id=initiative.municipality_id)
    yield from _tell(leading, initiative, "fast_track", _("Avgjør «%(title)s» på fullmakt"))


def submitter_is_told(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    title = _("«%(title)s»: {state}").format(state=initiative.get_status_display().lower())
    yield from _tell(_authors(initiative), initiative, "moved", title)


def council_has_decided(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        [*_authors(initiative), initiative.service_owner],
        initiative,
        "council",
        _("Rådet har behandlet «%(title)s»"),
    )
    for row in initiative.municipal_decisions.select_related("municipality").filter(verdict="pending"):
        deciders = people_with(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=row.municipality_id)
        yield from _tell(
            deciders, initiative, "decide", _("Avgjør «%(title)s» for kommunen"),
            _("Frist %(date)s.") % {"date": short_date(row.due_on)} if row.due_on else "",
        )  # fmt: skip


def case_is_adopted(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    told = [*_authors(initiative), initiative.service_owner, initiative.project_owner]
    yield from _tell(told, initiative, "adopted", _("«%(title)s» er vedtatt"))
    managers = people_with(Permission.MANAGE_PORTFOLIO, municipality_id=initiative.municipality_id)
    yield from _tell(managers, initiative, "to_portfolio", _("Ta «%(title)s» inn i porteføljen"))


def project_is_started(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    yield from _tell(
        _authors(initiative), initiative, "project", _("«%(title)s» er nå et prosjekt i porteføljen")
    )


def case_is_withdrawn(initiative: Initiative, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    told = [initiative.case_handler, *_authors(initiative)]
    others = [person for person in told if person is not None and person.pk != by.person_id]
    yield from _tell(others, initiative, "withdrawn", _("«%(title)s» er trukket"))
