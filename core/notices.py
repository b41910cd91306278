"""Tell people what happened, once, in the same transaction as the change.

A notice is a row with a unique key.  Posting it again does nothing, so a job that is
killed and run anew neither loses nor repeats one.  A recipient who cannot see the record
is never told about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from core.actors import actor_of
from core.seeing import sees
from core.statements import insert_new

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from core.actors import Actor
    from core.models import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice to be posted.

    ``event`` makes the key together with the record and the person: the same event of the
    same record is told to the same person once.
    """

    person: Model | None
    event: str
    title: str
    body: str = ""
    url: str = ""


def post(drafts: Iterable[Draft], *, about: Model, now: datetime) -> list[Notice]:
    """Write a notice for everyone who may see ``about``, and return those that are new."""
    from core.models import Notice

    kind = ContentType.objects.get_for_model(about)
    rows = [_row(Notice, draft, about, kind, now) for draft in _visible(drafts, about)]
    return insert_new(rows, by="key")


def still_open_to(actor: Actor, found: Iterable[Notice]) -> list[Notice]:
    """Keep the notices whose record ``actor`` still sees: who has left a role hears no more of its cases.

    One query per kind of record among them.
    """
    listed = list(found)
    wanted: dict[int, set[int]] = {}
    for notice in listed:
        wanted.setdefault(notice.content_type_id, set()).add(notice.object_id)
    seen = {
        (kind, pk)
        for kind, ids in wanted.items()
        for pk in _visible_ids(ContentType.objects.get_for_id(kind), ids, actor)
    }
    return [notice for notice in listed if (notice.content_type_id, notice.object_id) in seen]


def _visible_ids(kind: ContentType, ids: set[int], actor: Actor) -> Iterable[int]:
    model = kind.model_class()
    if model is None:
        return ()
    visible = model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    rows: Iterable[int] = visible.filter(pk__in=ids).values_list("pk", flat=True)
    return rows


def _row(model: type[Notice], draft: Draft, about: Model, kind: ContentType, now: datetime) -> Notice:
    assert draft.person is not None
    return model(
        key=f"{draft.event}:{kind.app_label}.{kind.model}:{about.pk}:{draft.person.pk}",
        recipient_id=draft.person.pk,
        event=draft.event.split("@")[0],
        title=draft.title[:300],
        body=draft.body,
        url=draft.url,
        content_type=kind,
        object_id=about.pk,
        created_at=now,
    )


def _visible(drafts: Iterable[Draft], about: Model) -> list[Draft]:
    """Keep the first draft per person and event, and only for people who see the record."""
    chosen: dict[tuple[int, str], Draft] = {}
    for draft in drafts:
        if draft.person is not None:
            chosen.setdefault((draft.person.pk, draft.event), draft)
    return [draft for draft in chosen.values() if sees(actor_of(draft.person), about)]
