"""Nyttepoker: the games, the table on the wall, the hand of each player, and the small question whether anything is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused
from core.paging import keyset
from core.typed_text import confirm_saved, keep_key
from governance.models import PokerGame, PokerPlayer
from governance.poker import playing, policies, setup
from governance.poker.forms import CardForm, ExplainForm, GameForm
from governance.poker.hand import Hand
from governance.poker.host import Host
from governance.views.loading import note_shielded_reads
from organization.models import Unit

if TYPE_CHECKING:
    from organization.http import Request

OK, NOTHING_NEW, CONFLICT, INVALID = 200, 204, 409, 422
_CHOSEN_IN = ("round", "invite")
"""The forms in which who leads chooses something that the browser keeps until it is sent."""


@never_cache
@require_GET
def poker_list(request: Request) -> HttpResponse:
    """Show the games that the actor sees."""
    rows = PokerGame.objects.visible_to(request.actor).select_related("municipality", "facilitator")
    may_host = policies.may_host(request.actor, request.actor.acting_for_id or 0)
    page = keyset(rows, request, ("-pk",))
    return render(request, "governance/poker_list.html", {"page": page, "may_host": may_host})


def _game(request: Request, pk: int) -> PokerGame:
    rows = PokerGame.objects.visible_to(request.actor).select_related("municipality", "facilitator")
    game: PokerGame = get_object_or_404(rows, pk=pk)
    return game


# --- Make ready -----------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def poker_create(request: Request) -> HttpResponse:
    """Make a game; it begins with the deck and the rules of the last one."""
    home = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id or 0)
    if not policies.may_host(request.actor, home.pk):
        raise PermissionDenied
    return _form_page(request, setup.new_game(home))


@never_cache
@require_http_methods(["GET", "POST"])
def poker_edit(request: Request, pk: int) -> HttpResponse:
    """Change a game that is not opened."""
    game = _game(request, pk)
    if not policies.may_lead_game(request.actor, game):
        raise PermissionDenied
    return _form_page(request, game)


def _form_page(request: Request, game: PokerGame) -> HttpResponse:
    form = GameForm(
        request.POST if request.method == "POST" else None, municipality=game.municipality, actor=request.actor,
        today=timezone.localdate(), game=game,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, game, form)
            return redirect("governance:poker_game", saved.pk)
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
    status = INVALID if form.is_bound else OK
    return render(request, "governance/poker_form.html", {"form": form, "game": game}, status=status)


def _save(request: Request, game: PokerGame, form: GameForm) -> PokerGame:
    by, now = request.actor, timezone.now()
    if game.pk is None:
        return setup.create_game(game.municipality, form.values, by=by, now=now)
    return setup.edit_game(game, form.values, by=by, now=now)


# --- The table ------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def poker_game(request: Request, pk: int) -> HttpResponse:
    """Show the table: who has played, the cards when they are shown, and what was given; who leads acts here."""
    host = Host(_game(request, pk), request.actor)
    status = OK
    if request.method == "POST":
        status = host.take(request.POST, now=timezone.now())
        if status == OK:
            if host.said:
                messages.success(request, host.said)
            there = (
                redirect("governance:poker_game", pk) if host.is_there else redirect("governance:poker_list")
            )
            sent = request.POST.get("do", "")
            return confirm_saved(request, there, sent) if sent in _CHOSEN_IN else there
        host.see_again(_game(request, pk))
    table = host.table
    if not request.htmx:
        note_shielded_reads(table.cases, table.readable, request.actor, what="poker")
    context = {
        "game": table.game, "table": table, "host": host, "is_news": _is_news(request, table.game),
        "keep": {name: keep_key(request, name) for name in _CHOSEN_IN},
    }  # fmt: skip
    name = "poker_table" if request.htmx else "poker_game"
    return render(request, f"governance/{name}.html", context, status=status)


def _is_news(request: Request, game: PokerGame) -> bool:
    """Tell whether a part that is fetched anew shows something else than it did, which is then read aloud."""
    return bool(request.htmx) and request.GET.get("tur") != str(game.turn)


# --- The hand -------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def poker_play(request: Request, pk: int) -> HttpResponse:
    """Let a player join, play cards and explain them."""
    game = _game(request, pk)
    player = PokerPlayer.objects.filter(game=game, person_id=request.actor.person_id).first()
    if player is None:
        raise Http404
    reasons: list[str] = []
    status = OK
    if request.method == "POST":
        reasons, status = _played(request, game)
        if status == OK:
            return redirect("governance:poker_play", pk)
        game = _game(request, pk)
    hand = Hand(game, player, request.actor)
    if hand.shows_case is not None:
        note_shielded_reads(
            [hand.shows_case], frozenset({hand.shows_case.initiative_id}), request.actor, what="poker"
        )
    context = {
        "game": game, "hand": hand, "reasons": reasons, "is_news": _is_news(request, game), "form": _card_form(hand),
        "explain_form": _explain_form(hand),
    }  # fmt: skip
    return render(
        request, f"governance/{'poker_hand' if request.htmx else 'poker_play'}.html", context, status=status
    )


def _played(request: Request, game: PokerGame) -> tuple[list[str], int]:
    """Do what was sent; return what to say of it, and the status of the answer."""
    by, now, sent = request.actor, timezone.now(), request.POST.get("do", "")
    form: Any = CardForm(request.POST, deck=game.deck) if sent == "play" else ExplainForm(request.POST)
    if sent != "join" and not form.is_valid():
        return [str(error) for errors in form.errors.values() for error in errors], INVALID
    try:
        if sent == "join":
            playing.join(game, by=by, now=now)
        elif sent == "play":
            playing.play_card(game, **form.values, by=by, now=now)
        else:
            playing.explain(
                game, card_id=form.cleaned_data["card"], text=form.cleaned_data["text"], began=form.cleaned_data["began"],
                by=by, now=now,
            )  # fmt: skip
    except Refused as refused:
        return [str(reason) for reason in refused.reasons], CONFLICT
    return [], OK


def _card_form(hand: Hand) -> CardForm | None:
    if hand.active is None or not hand.active.is_open or hand.own is None:
        return None
    return CardForm(deck=hand.game.deck, initial={"round": hand.active.pk, "card": hand.chosen})


def _explain_form(hand: Hand) -> ExplainForm | None:
    if not hand.explains or hand.own is None:
        return None
    return ExplainForm(initial={"card": hand.own.pk, "text": hand.own.explanation})


# --- Is anything new? -----------------------------------------------------------------------------
@never_cache
@require_GET
def poker_pulse(request: Request, pk: int) -> HttpResponse:
    """Answer 204 when nothing is new since ``versjon`` (everything) or ``tur`` (the cards of everybody), else call for it."""
    rows = PokerGame.objects.visible_to(request.actor).filter(pk=pk)
    known = rows.values_list("version", "turn").first()
    if known is None:
        raise Http404
    seen = (request.GET.get("versjon"), request.GET.get("tur"))
    if any(told == str(now) for told, now in zip(seen, known, strict=True)):
        return HttpResponse(status=NOTHING_NEW)
    return HttpResponse(headers={"HX-Trigger": "poker-news"})
