"""What governance puts in people's inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from core.formats import in_sentence
from core.inbox import MOST_TASKS, InboxSource, Task
from governance.composition import ending_terms
from governance.cycle.inbox import sentences, submission_of, with_submission
from governance.cycle.rules import papers_due, period_of, track_words
from governance.hearings.duties import answer_due, answers_for
from governance.models import (
    Assessment,
    Assessor,
    CouncilMandate,
    FollowUp,
    Hearing,
    Initiative,
    Matter,
    Meeting,
    MeetingStatus,
    MunicipalDecision,
    PokerPlayer,
    Status,
)
from governance.models.status import SCORABLE
from governance.telling_follow_up import called
from organization.models import RoleAssignment
from organization.roles import Permission, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

_VERBS: dict[str, tuple[Any, Any]] = {
    Status.DRAFT: (_("Skriv ferdig"), _("Du har begynt på en kladd")),
    Status.RETURNED: (_("Kompletter"), _("Saken er returnert til deg")),
    Status.NOT_ENDORSED: (_("Ta stilling til"), _("Sektorleder har ikke tilrådd saken din")),
    Status.AWAITING_ENDORSEMENT: (_("Gi tilråding til"), _("Du er sektorleder for enheten")),
    Status.SUBMITTED: (_("Finn sektorleder for"), _("Sektoren har ingen leder nå")),
    Status.RECEIVED: (_("Vurder"), _("Ny sak i sekretariatets mottak")),
    Status.SENT_BACK: (_("Utred på nytt"), _("Rådet har sendt saken tilbake")),
    Status.READY_FOR_COUNCIL: (_("Sett på saksliste"), _("Saken er klar for rådet")),
    Status.POSTPONED: (_("Sett på ny saksliste"), _("Rådet har utsatt saken")),
    Status.ON_HOLD: (_("Vurder på nytt"), _("Saken skulle vurderes på nytt nå")),
    Status.FAST_TRACK: (_("Avgjør"), _("Saken ligger til avgjørelse på fullmakt")),
    Status.UNDER_PREPARATION: (_("Utred"), _("Du er saksbehandler")),
}
_COLUMNS = ("status", "card_title", "due_on", "review_on", "unit__name")


def _initiative_task(initiative: Initiative, actor: Any) -> Task:
    verb, why = _VERBS[initiative.status]
    is_form = initiative.status in {Status.DRAFT, Status.RETURNED}
    due = initiative.review_on if initiative.status == Status.ON_HOLD else initiative.due_on
    if initiative.status == Status.DRAFT:
        aim = submission_of(initiative)
        due, why = aim.due, sentences(why, aim.why)
    name = "governance:intake_hub" if is_form else "governance:initiative_detail"
    return Task(
        verb=verb, title=initiative.card_title, why=why, due=due,
        url=reverse(name, args=[initiative.pk]), where=str(initiative.unit),
    )  # fmt: skip


def _initiatives(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Initiative.objects.none()
    rows = Initiative.objects.visible_to(actor).next_in_my_hands(actor, timezone.localdate(), MOST_TASKS + 1)
    rows = with_submission(rows, timezone.localdate())
    return rows.select_related("unit").only(*_COLUMNS).order_by("due_on", "pk")


def _hearings(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Hearing.objects.none()
    rows = Hearing.objects.visible_to(actor).asking(actor, timezone.localdate())
    return rows.select_related("initiative__cycle_period", "person", "on_behalf_of").order_by("due_on", "pk")


def _asked_as(hearing: Hearing) -> str:
    role, home = in_sentence(hearing.get_role_display()), answers_for(hearing)
    return str(_("%(role)s for %(municipality)s") % {"role": role, "municipality": home}) if home else role


def _hearing_task(hearing: Hearing, actor: Any) -> Task:
    asked = _("Du er vikar for den som er spurt som %(role)s")
    if hearing.stand_in_id == actor.person_id:
        asked = _("Du er stedfortreder for %(name)s, som er spurt som %(role)s")
    elif hearing.person_id == actor.person_id:
        asked = _("Du er spurt som %(role)s")
    counts_money = hearing.role == Role.CHIEF_OF_FINANCE
    track = track_words(hearing.initiative.cycle_period) if counts_money else ""
    return Task(
        verb=_("Svar på høring om"), title=str(hearing.initiative), due=answer_due(hearing),
        why=sentences(asked % {"role": _asked_as(hearing), "name": hearing.person}, track),
        url=reverse("governance:hearing_answer", args=[hearing.pk]), action=_("Svar"),
    )  # fmt: skip


def _municipal(actor: Any) -> QuerySet[Any]:
    if actor.is_system or not actor.holds(Permission.DECIDE_FOR_MUNICIPALITY):
        return MunicipalDecision.objects.none()
    rows = MunicipalDecision.objects.visible_to(actor).to_be_decided_by(actor)
    return rows.select_related("initiative", "municipality").order_by("due_on", "pk")


def _municipal_task(row: MunicipalDecision, actor: Any) -> Task:
    why = _("Rådet har innstilt. %(municipality)s må avgjøre") % {"municipality": row.municipality}
    return Task(
        verb=_("Avgjør"), title=str(row.initiative), due=row.due_on, why=why,
        url=reverse("governance:municipal_decision", args=[row.pk]), action=_("Avgjør"),
    )  # fmt: skip


def _meetings(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Meeting.objects.none()
    arranged = actor.municipalities_where(Permission.ARRANGE_MEETINGS)
    to_arrange = Q(municipality_id__in=arranged, status__in=["planned", "in_session"])
    to_approve = Meeting.objects.awaiting_approval_by(actor).values("pk")
    rows = Meeting.objects.visible_to(actor).unfinished()
    rows = rows.filter(to_arrange | Q(pk__in=to_approve)).select_related("mandate", "cycle_period")
    return rows.order_by("starts_at", "pk")


_MEETING_VERBS = {
    "planned": (_("Send innkalling til"), _("Papirene er ikke sendt ut")),
    "in_session": (_("Fullfør"), _("Møtet er åpent")),
    "concluded": (_("Godkjenn protokollen fra"), _("Møtet er avsluttet")),
}


def _meeting_task(meeting: Meeting, actor: Any) -> Task:
    verb, why = _MEETING_VERBS[meeting.status]
    is_planned = meeting.status == MeetingStatus.PLANNED
    return Task(
        verb=verb, title=_("møte %(number)s i digitaliseringsrådet") % {"number": meeting.number},
        why=sentences(why, track_words(period_of(meeting)) if is_planned else ""),
        due=papers_due(meeting) if is_planned else timezone.localdate(meeting.starts_at), url=meeting.get_absolute_url(),
    )  # fmt: skip


def _matters(actor: Any) -> QuerySet[Any]:
    arranged = frozenset() if actor.is_system else actor.municipalities_where(Permission.ARRANGE_MEETINGS)
    if not arranged:
        return Matter.objects.none()
    rows = Matter.objects.visible_to(actor).waiting().filter(municipality_id__in=arranged)
    return rows.order_by("sent_at", "pk")


def _matter_task(matter: Matter, actor: Any) -> Task:
    return Task(
        verb=_("Sett på saksliste"), title=matter.title, why=_("Rådet skal avgjøre saken"), url=matter.get_absolute_url(),
    )  # fmt: skip


def _to_assess(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Assessor.objects.none()
    done = Assessment.objects.filter(initiative_id=OuterRef("initiative_id"), assessor_id=actor.person_id)
    rows = Assessor.objects.visible_to(actor).filter(
        person_id=actor.person_id, initiative__status__in=sorted(SCORABLE)
    )
    return rows.filter(~has_one(done)).select_related("initiative__unit").order_by("changed_at", "pk")


def _assess_task(row: Assessor, actor: Any) -> Task:
    return Task(
        verb=_("Vurder"), title=str(row.initiative), why=_("Sekretariatet ber deg gi prioriteringspoeng"),
        url=reverse("governance:scoring_assess", args=[row.initiative_id]), where=str(row.initiative.unit), action=_("Gi poeng"),
    )  # fmt: skip


def _games(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return PokerPlayer.objects.none()
    mine = PokerPlayer.objects.visible_to(actor).filter(
        person_id=actor.person_id, game__opened_at__isnull=False, game__closed_at=None
    )
    return mine.select_related("game__municipality").order_by("game__opened_at", "pk")


def _game_task(row: PokerPlayer, actor: Any) -> Task:
    return Task(
        verb=_("Spill"), title=row.game.title, why=_("Du er invitert til nyttepoker, og spillet er åpent"),
        url=reverse("governance:poker_play", args=[row.game_id]), where=str(row.game.municipality), action=_("Spill"),
    )  # fmt: skip


def _follow_ups(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return FollowUp.objects.none()
    rows = FollowUp.objects.visible_to(actor).waiting_for(actor, timezone.localdate())
    return rows.select_related("decision__initiative", "decision__agenda_item").order_by("due_on", "pk")


def _follow_up_task(row: FollowUp, actor: Any) -> Task:
    is_own = row.responsible_id == actor.person_id
    return Task(
        verb=_("Følg opp vedtak"), title=called(row), due=row.due_on, url=row.get_absolute_url(),
        why=_("Du er ansvarlig for oppfølgingen") if is_own else _("Uten ansvarlig. Velg hvem som skal følge opp"),
    )  # fmt: skip


follow_ups_to_do = InboxSource(key="follow_ups", rows=_follow_ups, task=_follow_up_task)
games_to_play = InboxSource(key="poker", rows=_games, task=_game_task)
initiatives_to_assess = InboxSource(key="assessments", rows=_to_assess, task=_assess_task)
initiatives_in_my_hands = InboxSource(key="initiatives", rows=_initiatives, task=_initiative_task)
hearings_to_answer = InboxSource(key="hearings", rows=_hearings, task=_hearing_task)
municipal_decisions_waiting = InboxSource(key="municipal", rows=_municipal, task=_municipal_task)
meetings_to_prepare = InboxSource(key="meetings", rows=_meetings, task=_meeting_task)
matters_to_place = InboxSource(key="matters", rows=_matters, task=_matter_task)


def _terms(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return RoleAssignment.objects.none()
    homes = [
        *actor.municipalities_where(Permission.ARRANGE_MEETINGS),
        *actor.municipalities_where(Permission.LEAD_COUNCIL),
    ]
    if not homes:
        return RoleAssignment.objects.none()
    rows = ending_terms(timezone.localdate()).filter(unit__municipality_id__in=homes)
    return rows.select_related("person", "unit").order_by("valid_to", "pk")


def _term_task(row: RoleAssignment, actor: Any) -> Task:
    return Task(
        verb=_("Forleng eller erstatt"), title=str(row.person), due=row.valid_to, where=str(row.unit),
        why=_("Perioden som %(role)s går ut") % {"role": in_sentence(row.get_role_display())},
        url=reverse("governance:mandate_list") + "#sammensetning",
    )  # fmt: skip


terms_that_end = InboxSource(key="council_terms", rows=_terms, task=_term_task)


def _mandates(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return CouncilMandate.objects.none()
    homes = {
        *actor.municipalities_where(Permission.ARRANGE_MEETINGS),
        *actor.municipalities_where(Permission.SET_RULES),
    }
    if not homes:
        return CouncilMandate.objects.none()
    rows = CouncilMandate.objects.visible_to(actor).unconfirmed().filter(municipality_id__in=homes)
    return rows.select_related("municipality").order_by("pk")


def _mandate_task(row: CouncilMandate, actor: Any) -> Task:
    own = actor.municipalities_where(Permission.SET_RULES)
    why = _(
        "Det ble videreført ved en oppgradering, og ingen har vedtatt det. Registrer den vedtatte versjonen"
    )
    if row.municipality_id not in own:
        why = _("Det ble videreført ved en oppgradering, og ingen har vedtatt det. En administrator registrerer den vedtatte versjonen")  # fmt: skip
    return Task(
        verb=_("Få bekreftet"), title=str(_("mandatet for rådet i %(where)s") % {"where": row.municipality}), why=why,
        url=reverse("governance:mandate_list"), action=_("Se mandatet"),
    )  # fmt: skip


mandates_to_confirm = InboxSource(key="mandates", rows=_mandates, task=_mandate_task)
