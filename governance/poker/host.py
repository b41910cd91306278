"""What whoever leads a game does at the table; each button is one call of the domain."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.workflow import TransitionDenied
from governance.poker import playing, rounds, setup
from governance.poker.forms import ExplainForm, InviteForm, QuestionForm, RoundForm
from governance.poker.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from governance.models import PokerGame
    from governance.poker.seats import Seat
    from organization.actors import PersonActor

OK, CONFLICT, INVALID = 200, 409, 422


class Host:
    """One visit to the table."""

    def __init__(self, game: PokerGame, actor: PersonActor) -> None:
        self.actor = actor
        self.said, self.is_there = "", True
        self.reasons: list[str] = []
        self._sent: Mapping[str, Any] | None = None
        self.see_again(game)

    def see_again(self, game: PokerGame) -> None:
        """Show the game as it stands after something was refused."""
        self.game, self.table = game, Table(game, self.actor)

    # --- What was sent -----------------------------------------------------------------------------
    def take(self, sent: Mapping[str, Any], *, now: datetime) -> int:
        """Do what was sent, and return the status of the answer.

        :raises TransitionDenied: the actor does not lead the game.
        """
        if not self.table.may_lead:
            raise TransitionDenied
        self._sent = sent
        try:
            self.said = self._do(str(sent.get("do", "")), by=self.actor, now=now)
        except Refused as refused:
            self.reasons = [str(reason) for reason in refused.reasons]
            return CONFLICT
        except _Invalid:
            return INVALID
        return OK

    def _do(self, name: str, **how: Any) -> str:
        """Do what a button says, and return what to tell of it.

        :raises Refused: it cannot be done now; _Invalid: what was sent cannot be read.
        """
        steps: dict[str, Callable[..., object]] = {
            "reveal": rounds.reveal, "replay": rounds.replay, "lock": rounds.lock_round, "break": rounds.break_off,
        }  # fmt: skip
        if name in steps:
            steps[name](self.game, round_id=self._named(RoundForm(self._sent), "round"), **how)
            return ""
        actions: dict[str, Callable[..., str]] = {
            "open": self._open, "close": self._close, "drop": self._drop, "invite": self._invite, "council": self._council,
            "uninvite": self._uninvite, "round": self._round, "explain": self._explain,
        }  # fmt: skip
        if name not in actions:
            raise Refused(_("Valget finnes ikke lenger."))
        return actions[name](**how)

    def _named(self, form: Any, field: str) -> Any:
        if not form.is_valid():
            self.reasons = [str(error) for errors in form.errors.values() for error in errors]
            raise _Invalid
        return form.cleaned_data[field]

    def _open(self, **how: Any) -> str:
        setup.open_game(self.game, **how)
        return _("Spillet er åpnet. De inviterte har fått beskjed.")

    def _close(self, **how: Any) -> str:
        setup.close_game(self.game, **how)
        return _("Spillet er avsluttet. Nyttepoengene står nå i saksframleggene og i rangeringen.")

    def _drop(self, **how: Any) -> str:
        setup.drop_game(self.game, by=how["by"])
        self.is_there = False
        return _("Spillet er slettet.")

    def _invite(self, **how: Any) -> str:
        person = self._named(self.invite_form, "person")
        setup.invite(self.game, [person], **how)
        return _("%(name)s er invitert.") % {"name": person}

    def _council(self, **how: Any) -> str:
        made = setup.invite_council(self.game, **how)
        return _("%(count)s fra rådet er invitert.") % {"count": len(made)}

    def _uninvite(self, **how: Any) -> str:
        setup.uninvite(self.game, pk=self._player(), **how)
        return ""

    def _player(self) -> int:
        wanted = str((self._sent or {}).get("player", ""))
        found = next((row.pk for row in self.table.players if str(row.pk) == wanted), None)
        if found is None:
            raise Refused(_("Spilleren er ikke lenger invitert."))
        return int(found)

    def _round(self, **how: Any) -> str:
        self._named(self.question_form, "question")
        chosen = self.question_form.chosen
        rounds.open_round(self.game, goal=chosen.goal, case=chosen.case, **how)
        return ""

    def _explain(self, **how: Any) -> str:
        form = ExplainForm(self._sent)
        card = self._named(form, "card")
        said = {name: form.cleaned_data[name] for name in ("text", "began")}
        playing.explain(self.game, card_id=card, **said, **how)
        return ""

    # --- Forms ------------------------------------------------------------------------------------
    def _data(self, do: str) -> Any:
        return self._sent if self._sent is not None and self._sent.get("do") == do else None

    @cached_property
    def invite_form(self) -> InviteForm:
        return InviteForm(self._data("invite"), homes=setup.homes_of(self.game))

    @cached_property
    def question_form(self) -> QuestionForm:
        return QuestionForm(self._data("round"), questions=self.table.questions)

    @cached_property
    def lacking(self) -> list[str]:
        """What a draft lacks before it can be opened."""
        return setup.why_not_ready(self.game)

    @property
    def to_explain(self) -> list[tuple[Seat, ExplainForm]]:
        """The lowest and the highest that are shown, each with a form for what was said aloud, or was typed and refused."""
        typed = self._data("explain") or {}
        return [
            (seat, ExplainForm(
                initial={
                    "card": seat.card.pk, "began": seat.card.explanation,
                    "text": typed["text"] if str(typed.get("card")) == str(seat.card.pk) and "text" in typed else seat.card.explanation,
                },
                auto_id=f"id_{seat.card.pk}_%s",
            ))
            for seat in self.table.seats if seat.is_outermost and seat.card is not None
        ]  # fmt: skip


class _Invalid(Exception):
    """A form that was sent cannot be read; its reasons are told."""
