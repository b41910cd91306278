"""The states of a story and of an award."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.models import Award, AwardStatus, Story, StoryStatus
from benefits.sharing import policies
from core.history import label_actions
from core.workflow import Workflow

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

story_workflow: Workflow[Story] = Workflow(Story, StoryStatus)
award_workflow: Workflow[Award] = Workflow(Award, AwardStatus)
T, A = StoryStatus, AwardStatus
TELLER, RUNNER = _("Tjenesteeier eller porteføljeforvalter"), _("Kommunedirektør eller administrator")


def somebody_is_nominated(award: Award, /) -> str | None:
    return None if award.nominations.exists() else _t("Ingen er nominert ennå.")


def somebody_has_voted(award: Award, /) -> str | None:
    return None if award.votes.exists() else _t("Ingen har stemt ennå.")


@story_workflow.transition(
    source=[T.PUBLISHED], target=T.WITHDRAWN, label=_("Ta ned historien"), done=_("Historien er tatt ned"),
    roles=TELLER, allow=policies.may_withdraw,
)  # fmt: skip
def take_down(story: Story, *, by: Actor, now: datetime) -> None:
    """Nobody outside the municipality sees it from now on."""


@story_workflow.transition(
    source=[T.WITHDRAWN], target=T.PUBLISHED, label=_("Publiser igjen"), done=_("Historien er publisert igjen"),
    tone="primary", roles=TELLER, allow=policies.may_withdraw,
)  # fmt: skip
def publish_again(story: Story, *, by: Actor, now: datetime) -> None:
    story.published_at = now


@award_workflow.transition(
    source=[A.NOMINATING], target=A.VOTING, label=_("Start avstemningen"), done=_("Avstemningen er i gang"), tone="primary",
    roles=RUNNER, allow=policies.may_run_award, guards=[somebody_is_nominated],
)  # fmt: skip
def start_vote(award: Award, *, by: Actor, now: datetime) -> None:
    """No more nominations; one vote a person."""


@award_workflow.transition(
    source=[A.VOTING], target=A.ANNOUNCED, label=_("Kår årets ildsjel"), done=_("Årets ildsjel er kåret"), tone="primary",
    roles=RUNNER, allow=policies.may_run_award, guards=[somebody_has_voted],
)  # fmt: skip
def announce(award: Award, *, by: Actor, now: datetime) -> None:
    """The figures are shown, and nobody votes any more."""


label_actions({
    "tell_story": _("Historien skrevet"), "open_award": _("Kåringen åpnet"), "nominate": _("Nominert"),
})  # fmt: skip

story_workflow.seal()
award_workflow.seal()
