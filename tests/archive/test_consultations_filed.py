"""What came of a consultation is filed when its answers are sent, found again by an export, and can be forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from archive.history.sources import Scope, count_missing
from archive.models import ArchiveMessage
from core.actors import System
from core.retention import forget
from organization.models import ConsultationComment
from organization.operations import Edit, have_no_remarks, move_consultations, save_goal, withdraw_comment
from organization.roles import Role
from organization.workflow import consultation_workflow
from tests.archive.scene import files_by
from tests.archive.test_export_kinds import export, forget_messages, is_made_anew
from tests.core.test_retention import found_anywhere
from tests.organization.consulted import DAYS, REP, answer, answered, closed, comment, opened


def message_about(said) -> ArchiveMessage:
    return ArchiveMessage.objects.get(key=f"consultation/{said.point.consultation_id}/answers")


def test_send_answers__files_what_was_heard_said_and_answered(world):
    said = answered(world.home)
    row = message_about(said)
    assert (row.municipality, row.kind, row.opens_folder) == (world.home.municipality, "consultation", True)
    paper = row.content["entry"]["documents"][0]["variants"][0]["data"]
    told = str(paper)
    for words in (
        "1 Tid til brukerne",
        said.text,
        "Tas til følge",
        "Innarbeidet i mål 1.",
        world.home.person(REP).name,
    ):
        assert words in told, words
    assert row.folder_key == f"strategy/{said.point.consultation.strategy_id}"


def test_nothing_is_filed__before_the_answers_are_sent(world):
    said = closed(world.home)
    answer(said, world.home)
    assert not ArchiveMessage.objects.filter(kind="consultation").exists()
    assert count_missing(Scope(world.home.municipality.pk, ["consultation"])) == {}


def test_what_is_filed__leaves_out_what_was_withdrawn(world):
    then = timezone.now() - timedelta(days=DAYS + 1)
    consultation = opened(world.home, now=then, hears_leaders=True)
    comment(consultation, world.home, "Dette står.", now=then)
    gone = comment(consultation, world.home, "Dette angret jeg på.", code="2", now=then)
    withdraw_comment(gone, by=world.home.actor(REP), now=then)
    have_no_remarks(consultation, by=world.home.actor(Role.LEADER), now=then)
    move_consultations(now=timezone.now())
    kept = ConsultationComment.objects.get(text="Dette står.")
    answer(kept, world.home)
    by = world.home.actor(Role.ADMINISTRATOR)
    consultation_workflow.perform("send_answers", kept.point.consultation, by=by, now=timezone.now())
    told = str(message_about(kept).content)
    assert "Dette står." in told
    assert "angret" not in told
    assert world.home.person(Role.LEADER).name in told


def test_export__makes_the_same_message_in_each_municipality(world):
    rules = [files_by(world.home), files_by(world.neighbor)]
    for place in (world.home, world.neighbor):
        said = answered(place)
        goal = said.point.goal
        goal.title = "Ordlyden etterpå"
        save_goal(Edit(goal, ("title",)), by=place.actor(Role.ADMINISTRATOR), now=timezone.now())
    before = is_made_anew(rules, world.home, world.neighbor)
    assert len([key for key in before if key.startswith("consultation/")]) == 2
    forget_messages(world.home, world.neighbor)
    assert count_missing(Scope(world.home.municipality.pk, ["consultation"])) == {"consultation": 1}
    export(world.home, kinds=["consultation"])
    assert ArchiveMessage.objects.filter(kind="consultation").count() == 1


def test_forget_comment__takes_its_words_out_of_the_outbox_too(world):
    said = answered(world.home)
    assert found_anywhere(said.text)
    assert "Legg til frivilligheten." in str(message_about(said).content)
    how = {"legal_basis": "personvernforordningen art. 17", "by": System("retention"), "now": timezone.now()}
    forget(said, columns=["text"], **how)
    assert found_anywhere("Legg til frivilligheten.") == []
    told = str(message_about(said).content)
    assert "[fjernet]" in told
    assert "Innarbeidet i mål 1." not in told  # an answer goes with what it answers
    assert world.home.person(REP).name in told  # that something was said, and by whom, stands


def test_what_is_filed__has_every_goal_that_was_heard(world):
    paper = str(message_about(answered(world.home)).content)
    assert "2 " in paper
    assert "Ingen innspill." in paper
