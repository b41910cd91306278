"""The benefit map as a graph: its boxes in columns, and which links it may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Benefit, MapNode, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Initiative

COLUMNS: tuple[StrOrPromise, ...] = (
    gettext_lazy("IT-muliggjørere"), gettext_lazy("Muliggjørende endringer"), gettext_lazy("Virksomhetsendringer"),
    gettext_lazy("Gevinster"), gettext_lazy("Sluttgevinster"), gettext_lazy("Virksomhetsmål"),
)  # fmt: skip
BENEFIT, FINAL, GOAL = 3, 4, 5
_OWN = list(Stage)


@dataclass(frozen=True, slots=True)
class Box:
    """One box: ``key`` is the kind and the id of the record it shows."""

    key: str
    title: str
    column: int
    prerequisites: str = ""
    url: str = ""

    @property
    def pk(self) -> int:
        return int(self.key[1:])

    @property
    def is_own(self) -> bool:
        """Tell whether it exists only here, and is edited here."""
        return self.key.startswith("n")

    @property
    def is_benefit(self) -> bool:
        return self.key.startswith("b")

    @property
    def heading(self) -> StrOrPromise:
        return COLUMNS[self.column]


@dataclass(slots=True)
class BenefitMap:
    """Boxes by key, and links as pairs of keys with the id of their row."""

    boxes: dict[str, Box] = field(default_factory=dict)
    links: dict[tuple[str, str], int] = field(default_factory=dict)

    def after(self, key: str) -> list[Box]:
        """Return the boxes that ``key`` leads to."""
        return [self.boxes[target] for source, target in self.links if source == key]

    def columns(self) -> list[tuple[int, list[Box]]]:
        """Return the columns that have boxes."""
        found = [(at, [box for box in self.boxes.values() if box.column == at]) for at in range(len(COLUMNS))]
        return [(at, boxes) for at, boxes in found if boxes]

    def loose(self) -> list[Box]:
        """Return the boxes that no line begins or ends in."""
        bound = {key for pair in self.links for key in pair}
        return [box for key, box in self.boxes.items() if key not in bound]

    def _leads_to(self, start: str, wanted: str) -> bool:
        seen, left = set(), [start]
        while left:
            key = left.pop()
            if key == wanted:
                return True
            if key not in seen:
                seen.add(key)
                left += [box.key for box in self.after(key)]
        return False

    def why_not_linked(self, source: str, target: str) -> str | None:
        """Return why there can be no link from ``source`` to ``target``, or ``None``."""
        begin, end = self.boxes[source], self.boxes[target]
        words: dict[str, StrOrPromise] = {"begin": begin.title, "end": end.title}
        if source == target:
            return _("Velg to forskjellige bokser.")
        if (source, target) in self.links:
            return _("«%(begin)s» fører alt til «%(end)s».") % words
        if self._leads_to(target, source):
            return (
                _("«%(end)s» fører alt til «%(begin)s». Lenken ville gå i ring. Fjern den andre veien først.")
                % words
            )
        if begin.is_benefit and end.is_benefit:
            return self._why_not_between_benefits(begin, end)
        if begin.column >= end.column:
            words |= {"from": begin.heading, "to": end.heading}
            return _(
                "Lenker går framover i kartet, ikke fra «%(from)s» til «%(to)s». Bytt om «%(begin)s» og «%(end)s», eller velg en boks lenger fram."
            ) % words  # fmt: skip
        return None

    def _why_not_between_benefits(self, begin: Box, end: Box) -> str | None:
        """A benefit may lead to an end benefit, which leads to goals only."""
        onward = next((box for box in self.after(end.key) if box.is_benefit), None)
        if onward is not None:
            return _("«%(end)s» fører alt til gevinsten «%(onward)s». La «%(begin)s» føre dit i stedet.") % {
                "begin": begin.title, "end": end.title, "onward": onward.title,
            }  # fmt: skip
        if any(target == begin.key and source.startswith("b") for source, target in self.links):
            return _("«%(begin)s» er sluttgevinst for en annen gevinst. Den kan bare føre til mål.") % {
                "begin": begin.title
            }
        return None


def map_of(initiative: Initiative, benefits: Iterable[Benefit]) -> BenefitMap:
    """Return the map of an initiative with those of its benefits that are in the plan; three queries."""
    rows = [row for row in benefits if row.status != Benefit.Status.DROPPED]
    pairs = [(link.source, link.target, link.pk) for link in initiative.map_links.all()]
    own = {f"b{row.pk}" for row in rows}
    middle = {source for source, target, _pk in pairs if source in own and target in own}
    found = BenefitMap()
    for node in initiative.map_nodes.all():
        _put(found, _box_of(node))
    for row in rows:
        column = BENEFIT if f"b{row.pk}" in middle else FINAL
        _put(found, Box(f"b{row.pk}", row.title, column, row.prerequisites, row.get_absolute_url()))
    for goal in initiative.goals.all():
        _put(found, Box(f"g{goal.pk}", str(goal), GOAL))
    for source, target, pk in pairs:  # a goal may have been taken off the initiative since
        if source in found.boxes and target in found.boxes:
            found.links[source, target] = pk
    return found


def _put(found: BenefitMap, box: Box) -> None:
    found.boxes[box.key] = box


def _box_of(node: MapNode) -> Box:
    return Box(f"n{node.pk}", node.title, _OWN.index(Stage(node.stage)), node.prerequisites)
