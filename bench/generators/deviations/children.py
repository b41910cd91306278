"""What hangs on a deviation, in shares that a municipality would know again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from bench import sql
from bench.generators.deviations.ways import WITH_ACTIONS
from bench.words import DONE
from core.models import Attachment, Notice
from deviations.models import (
    ActionLink,
    Answer,
    CorrectiveAction,
    Deviation,
    Duty,
    DutyTemplate,
    Follower,
    Injury,
    Link,
    Message,
    Question,
    Routing,
    Stamp,
)

if TYPE_CHECKING:
    from bench.plan import Plan

WITH_DUTY, INJURED, FOLLOWED, LINKED, WITH_FILE = 0.06, 0.05, 0.01, 0.01, 0.5
_DUTIES = ("AML_5_2", "GDPR_33", "NAV_YRKESSKADE", "HTL_6")


def write_children(plan: Plan) -> None:
    _answers(plan)
    _talk()
    _duties(plan)
    _actions(plan)
    _injuries(plan)
    _beside(plan)


def _answers(plan: Plan) -> None:
    """Two questions of duty are answered in each report, nearly always with a no."""
    sql.run(f"""
        create temporary table bench_question on commit drop as
        select id, municipality_id, text, version, row_number() over (partition by municipality_id order by position, id) as place
        from {Question._meta.db_table} where set = 'triage' and form = 'yes_no'
    """)
    said = sql.choose({"no": 92, "unsure": 5, "yes": 3}, plan.draw("answer", "c.g * 10 + q.place"))
    sql.insert(
        Answer, "bench_deviation c join bench_question q on q.municipality_id = c.municipality_id and q.place <= 2",
        deviation_id="c.id", question_id="q.id", wording="q.text", question_version="q.version", value=said,
        answered_at="c.created_at",
    )  # fmt: skip


def _talk() -> None:
    sql.insert(
        Routing, "bench_deviation c", deviation_id="c.id", person_id="c.handler_id", unit_id="c.unit_id",
        why="'Leder der det skjedde'", at="c.created_at",
    )  # fmt: skip
    sql.insert(
        Message, "bench_deviation c where c.steps > 2", deviation_id="c.id", kind="'step'", text="'Leder har fått meldingen.'",
        author_id="c.handler_id", at="c.created_at + interval '1 day'",
    )  # fmt: skip
    sql.insert(
        Message, "bench_deviation c where c.status = 'closed'", deviation_id="c.id", kind="'closing'",
        text="'Rutinen er endret, og alle er orientert.'", author_id="c.handler_id", at="c.changed_at",
    )  # fmt: skip


def _duties(plan: Plan) -> None:
    """A duty in few cases; all stamped where the case has ended, and open in half of the open ones."""
    code = sql.word_of(_DUTIES, plan.draw("duty", "c.g"))
    sql.run(f"""
        create temporary table bench_duty on commit drop as
        select {sql.after_last(Duty)} + row_number() over (order by c.g) as id, c.id as deviation_id, c.handler_id, c.created_at,
            c.is_open and c.g % 2 = 0 as stands, t.id as template_id
        from bench_deviation c join {DutyTemplate._meta.db_table} t on t.municipality_id = c.municipality_id and t.code = {code}
        where {plan.draw("with duty", "c.g")} < {WITH_DUTY}
    """)
    source = f"bench_duty d join {DutyTemplate._meta.db_table} t on t.id = d.template_id"
    sql.insert(
        Duty, source, id="d.id", deviation_id="d.deviation_id", code="t.code", name="t.name", recipients="t.recipients",
        status="case when d.stands then 'open' else 'done' end", deadline="t.deadline", channel="t.channel", phone="t.phone",
        due_at="case when t.hours is not null then d.created_at + t.hours * interval '1 hour' end",
        guidance="t.guidance", source="t.source", started_by="'Ble noen skadet?'", started_at="d.created_at",
        changed_at="d.created_at",
    )  # fmt: skip
    done = "case when not d.stands then"
    sql.insert(
        Stamp, f"{source}, lateral jsonb_array_elements(t.stamps) with ordinality as point (value, place)",
        duty_id="d.id", code="point.value->>'code'", label="point.value->>'label'", position="point.place",
        meets_deadline="coalesce((point.value->>'meets_deadline')::boolean, false)",
        done_at=f"{done} d.created_at + interval '2 hours' end", done_by_id=f"{done} d.handler_id end",
        proof=f"{done} 'AR-2026' else '' end", changed_at="d.created_at",
    )  # fmt: skip
    sql.follow_sequence(Duty)


def _actions(plan: Plan) -> None:
    """One action per case that has any; every eighth such case uses the one of a case before it too."""
    sql.run(f"""
        create temporary table bench_action on commit drop as
        select {sql.after_last(CorrectiveAction)} + row_number() over (order by c.g) as action_id, c.*,
            c.way <> 'actions_running' as is_done
        from bench_deviation c where c.way = any({sql.literal(list(WITH_ACTIONS))})
    """)
    helped = sql.choose({"worked": 70, "partly": 20, "not": 10}, plan.draw("effect", "a.g"))
    sql.insert(
        CorrectiveAction, "bench_action a", id="a.action_id", municipality_id="a.municipality_id", unit_id="a.unit_id",
        title=sql.word_of(DONE, plan.draw("action", "a.g")), kind="'corrective'", owner_id="a.handler_id",
        status="case when a.is_done then 'closed' else 'in_progress' end", status_since="a.changed_at",
        due_on="(a.created_at + interval '30 days')::date", outcome="case when a.is_done then 'Utført som avtalt.' else '' end",
        done_at="case when a.is_done then a.changed_at end", effect=f"case when a.is_done then {helped} else '' end",
        proposed_by_id="a.handler_id", created_at="a.created_at", changed_at="a.changed_at",
    )  # fmt: skip
    again = "(select *, lag(action_id) over (partition by unit_id order by g desc) as other_id from bench_action) a"
    for source, action in (
        ("bench_action a", "a.action_id"),
        (f"{again} where a.g % 8 = 0 and a.other_id is not null", "a.other_id"),
    ):
        sql.insert(
            ActionLink, source, action_id=action, deviation_id="a.id", linked_by_id="a.handler_id", linked_at="a.created_at",
            owner_id="a.handler_id", case_unit_id="a.unit_id", case_is_confidential="a.is_confidential",
        )  # fmt: skip
    sql.follow_sequence(CorrectiveAction)


def _injuries(plan: Plan) -> None:
    nature = sql.word_of(("Kutt eller stikk", "Fall", "Slag", "Brannskade"), plan.draw("nature", "c.g"))
    sql.insert(
        Injury, f"bench_deviation c where {plan.draw('injured', 'c.g')} < {INJURED}", deviation_id="c.id",
        municipality_id="c.municipality_id", unit_id="c.unit_id", discovered_at="c.created_at - interval '3 hours'",
        who="'Ansatt'", body_part="'Hånd eller fingre'", nature=nature, absence="'Ikke noe fravær'", treated="'no'",
        at_work="'yes'", changed_at="c.created_at",
    )  # fmt: skip


def _beside(plan: Plan) -> None:
    """Followers, ties, causes, files (the row only) and a notice that was read."""
    kind = str(ContentType.objects.get_for_model(Deviation).pk)
    sql.insert(
        Follower, f"bench_deviation c where {plan.draw('followed', 'c.g')} < {FOLLOWED}", deviation_id="c.id",
        person_id="c.handler_id", note="'Det samme skjedde her.'", at="c.created_at",
    )  # fmt: skip
    sql.insert(
        Link, f"bench_deviation c where {plan.draw('tied', 'c.g')} < {LINKED} and c.earlier_id is not null",
        deviation_id="c.earlier_id", other_id="c.id", made_by_id="c.handler_id", at="c.created_at",
    )  # fmt: skip
    causes = "(select municipality_id, array_agg(id order by position, id) as ids from deviations_cause group by 1) k"
    sql.insert_links(
        Deviation.causes.through, f"bench_deviation c join {causes} using (municipality_id) where c.steps > 3",
        first="c.id", second=sql.pick("k.ids", plan.draw("cause", "c.g"), skew=2),
    )  # fmt: skip
    sql.insert(
        Attachment, f"bench_deviation c where {plan.draw('file', 'c.g')} < {WITH_FILE}", content_type_id=kind, object_id="c.id",
        key=sql.uuid_of(f"'{plan.seed} photo ' || c.g"), name="'bilde.jpg'", file="'attachments/bench.jpg'", mime="'image/jpeg'",
        inline="true", size="120000", sha256="repeat('0', 64)", uploaded_at="c.created_at",
    )  # fmt: skip
    sql.insert(
        Notice, "bench_deviation c where c.anonymity <> 'anonymous'", key="'bench:avvik:' || c.id", recipient_id="c.reporter_id",
        event="'moved'", title="c.number || ' er flyttet'", url="'/avvik/' || c.id || '/'", content_type_id=kind,
        object_id="c.id", created_at="c.changed_at", read_at="c.changed_at",
    )  # fmt: skip
