"""Addresses of initiatives (/tiltak/) and of the council (/raadet/)."""

from __future__ import annotations

from django.urls import path

from governance.views import (
    cases,
    council,
    cycle,
    delegation,
    insight,
    intake,
    mandates,
    poker,
    rules,
    scoring,
    secretariat,
    shares,
    subscription,
)

app_name = "governance"
urlpatterns = [
    # The open list and one case
    path("tiltak/", cases.initiative_list, name="initiative_list"),
    path("tiltak/<int:pk>/", cases.initiative_detail, name="initiative_detail"),
    path("tiltak/<int:pk>/handling/<slug:name>/", cases.initiative_transition, name="initiative_transition"),
    # Intake
    path("tiltak/nytt/", intake.start, name="intake_start"),
    path("tiltak/ligner/", intake.similar, name="intake_similar"),
    path("tiltak/<int:pk>/skjema/", intake.hub, name="intake_hub"),
    path("tiltak/<int:pk>/skjema/vedlegg/", intake.attachments, name="intake_attachments"),
    path(
        "tiltak/<int:pk>/skjema/vedlegg/<uuid:key>/fjern/",
        intake.attachment_remove,
        name="intake_attachment_remove",
    ),
    path("tiltak/<int:pk>/skjema/medforfattere/", intake.co_editors, name="intake_co_editors"),
    path("tiltak/<int:pk>/skjema/mangler/<int:index>/", intake.missing_tick, name="intake_missing_tick"),
    path("tiltak/<int:pk>/skjema/oppsummering/", intake.review, name="intake_review"),
    path("tiltak/<int:pk>/skjema/kvittering/", intake.receipt, name="intake_receipt"),
    path("tiltak/<int:pk>/skjema/<slug:key>/", intake.section, name="intake_section"),
    # Secretariat
    path("tiltak/mottak/", secretariat.triage_queue, name="triage_queue"),
    path("tiltak/mottak/<int:pk>/", secretariat.triage_case, name="triage_case"),
    path("tiltak/<int:pk>/saksframlegg/", secretariat.case_paper, name="initiative_case_paper"),
    path(
        "tiltak/<int:pk>/saksframlegg/rediger/",
        secretariat.case_paper_edit,
        name="initiative_case_paper_edit",
    ),
    path("tiltak/<int:pk>/saksframlegg/del/<slug:key>/", secretariat.section_edit, name="paper_section_edit"),
    path(
        "tiltak/<int:pk>/saksframlegg/del/<slug:key>/versjoner/",
        secretariat.section_versions,
        name="paper_section_versions",
    ),
    path(
        "tiltak/<int:pk>/saksframlegg/del/<slug:key>/versjoner/<int:number>/hent/",
        secretariat.section_take_back,
        name="paper_section_take_back",
    ),
    path("tiltak/<int:pk>/saksframlegg/pdf/", secretariat.case_paper_pdf, name="initiative_case_paper_pdf"),
    path("tiltak/<int:pk>/horing/", secretariat.hearings_ask, name="initiative_hearings_ask"),
    path("tiltak/<int:pk>/andeler/", shares.cost_shares, name="initiative_cost_shares"),
    path("tiltak/<int:pk>/arkivnummer/", secretariat.archive_reference, name="initiative_archive_reference"),
    path("tiltak/<int:pk>/prinsipiell/", delegation.principle_judge, name="initiative_principle"),
    path("horing/<int:pk>/", secretariat.hearing_answer, name="hearing_answer"),
    path("tiltak/<int:pk>/prioritering/", scoring.scoring_page, name="scoring_page"),
    path("tiltak/<int:pk>/prioritering/vurder/", scoring.scoring_assess, name="scoring_assess"),
    path(
        "tiltak/<int:pk>/prioritering/<int:assessor>/fjern/", scoring.assessor_remove, name="assessor_remove"
    ),
    path("tiltak/kriterier/", scoring.criteria_list, name="criteria_list"),
    path("tiltak/kriterier/ny-versjon/", scoring.criteria_draft, name="criteria_draft"),
    path("tiltak/kriterier/forkast/", scoring.criteria_drop, name="criteria_drop"),
    path("tiltak/kriterier/vedta/", scoring.criteria_adopt, name="criteria_adopt"),
    path("tiltak/kriterier/nytt/", scoring.criterion_create, name="criterion_create"),
    path("tiltak/kriterier/<int:pk>/", scoring.criterion_edit, name="criterion_edit"),
    path("tiltak/kriterier/<int:pk>/fjern/", scoring.criterion_remove, name="criterion_remove"),
    # Nyttepoker
    path("tiltak/nyttepoker/", poker.poker_list, name="poker_list"),
    path("tiltak/nyttepoker/nytt/", poker.poker_create, name="poker_create"),
    path("tiltak/nyttepoker/<int:pk>/", poker.poker_game, name="poker_game"),
    path("tiltak/nyttepoker/<int:pk>/rediger/", poker.poker_edit, name="poker_edit"),
    path("tiltak/nyttepoker/<int:pk>/spill/", poker.poker_play, name="poker_play"),
    path("tiltak/nyttepoker/<int:pk>/puls/", poker.poker_pulse, name="poker_pulse"),
    # The council
    path("raadet/", council.meeting_list, name="meeting_list"),
    path("raadet/nytt/", council.meeting_create, name="meeting_create"),
    path("raadet/vedtak/", council.decision_log, name="decision_log"),
    path("raadet/publisert/", insight.insight_list, name="insight_list"),
    path("raadet/arshjul/", cycle.cycle_calendar, name="cycle_calendar"),
    path("raadet/arshjul/nytt-ar/", cycle.cycle_year, name="cycle_year"),
    path("raadet/arshjul/ny/", cycle.period_create, name="period_create"),
    path("raadet/arshjul/abonnement/", subscription.calendar_subscription, name="calendar_subscription"),
    path("kalender/<str:secret>/stafett.ics", subscription.calendar_feed, name="calendar_feed"),
    path("raadet/arshjul/<int:pk>/", cycle.period_edit, name="period_edit"),
    path("raadet/fullmakt/", delegation.delegation_frame, name="delegation_frame"),
    path("raadet/regler/", rules.rules_edit, name="rules_edit"),
    path("raadet/mandat/", mandates.mandate_list, name="mandate_list"),
    path("raadet/mandat/nytt/", mandates.mandate_create, name="mandate_create"),
    path("raadet/avgjorelser/<int:pk>/", council.municipal_decision, name="municipal_decision"),
    path("raadet/saker/<int:pk>/", council.matter_detail, name="matter_detail"),
    path("raadet/<int:pk>/", council.meeting_detail, name="meeting_detail"),
    path("raadet/<int:pk>/rediger/", council.meeting_edit, name="meeting_edit"),
    path("raadet/<int:pk>/handling/<slug:name>/", council.meeting_transition, name="meeting_transition"),
    path("raadet/<int:pk>/rangering/", council.meeting_ranking, name="meeting_ranking"),
    path("raadet/<int:pk>/forfall/", council.absence_report, name="meeting_absence"),
    path("raadet/<int:pk>/frammote/", council.attendance, name="meeting_attendance"),
    path("raadet/<int:pk>/skjerm/", council.screen, name="meeting_screen"),
    path("raadet/<int:pk>/sak/<int:item>/", council.item_decide, name="meeting_item"),
    path("raadet/<int:pk>/sak/<int:item>/flytt/", council.item_move, name="meeting_item_move"),
    path("raadet/<int:pk>/referatsaker/", council.notices_note, name="meeting_notices_note"),
    path("raadet/<int:pk>/protokoll/", council.minutes, name="meeting_minutes"),
    path("raadet/<int:pk>/protokoll/pdf/", council.minutes_pdf, name="meeting_minutes_pdf"),
    path("raadet/<int:pk>/saksliste/pdf/", council.agenda_pdf, name="meeting_agenda_pdf"),
]
