"""Check the initiatives: references, who may do what when, and that each story ends where it says."""

from __future__ import annotations

from collections import Counter
from datetime import time
from typing import TYPE_CHECKING

from demo.content.build import ContentError
from demo.content.rules import DAY_KEYS, END_STATES, LEADING_ONLY, OUTCOMES, PHASES, RULES, Rule
from demo.content.tree import holds

if TYPE_CHECKING:
    from demo.content.collection import Content
    from demo.content.model import Initiative, Step

SUMMARY_LENGTH = 600


def check_stories(content: Content) -> None:
    """Check all initiatives.

    :raises ContentError: at the first mistake.
    """
    keys = Counter(initiative.key for initiative in content.initiatives)
    for initiative in content.initiatives:
        where = content.where(initiative)
        _demand(keys[initiative.key] == 1, where, "the key is used twice")
        _references(content, initiative, where)
        if initiative.end_state != "draft":
            _preparation(content, initiative, where)
        _Story(content, initiative).check()


def _demand(holds_true: object, where: str, text: str) -> None:
    """Raise unless something holds."""
    if not holds_true:
        raise ContentError(f"{where}: {text}")


def _references(content: Content, initiative: Initiative, where: str) -> None:
    """Check people, units, goals and groups an initiative names."""
    tree = content.tree
    _demand(initiative.unit in tree.units, where, f"unknown unit {initiative.unit}")
    _demand(
        tree.municipality(initiative.unit) == initiative.municipality,
        where,
        f"{initiative.unit} does not belong to {initiative.municipality}",
    )
    people = {
        initiative.submitter,
        *initiative.co_editors,
        initiative.service_owner,
        initiative.project_owner,
    }
    people |= {benefit.service_owner for benefit in initiative.benefits}
    people |= set(initiative.shielding.named) if initiative.shielding else set()
    unknown = people - set(content.people_by_username) - {""}
    _demand(not unknown, where, f"unknown people {sorted(unknown)}")
    strange = set(initiative.goals) - set(content.goals)
    _demand(not strange, where, f"unknown goals {sorted(strange)}")
    own = {initiative.municipality, "elvelandet"}
    mine = {
        goal.key for strategy in content.strategies if strategy.municipality in own for goal in strategy.goals
    }
    _demand(set(initiative.goals) <= mine, where, "a goal belongs to another municipality")
    groups = {group.key for group in content.groups}
    _demand(not initiative.group or initiative.group in groups, where, f"unknown group {initiative.group}")
    regional = initiative.municipality == "elvelandet"
    _demand(regional == bool(initiative.participants), where, "regional initiatives name participants")
    _demand(len(initiative.summary) <= SUMMARY_LENGTH, where, f"summary over {SUMMARY_LENGTH} characters")


def _preparation(content: Content, initiative: Initiative, where: str) -> None:
    """Check the minimum of preparation an initiative must have before it is submitted."""
    _demand(initiative.goals, where, "a strategic goal is missing")
    _demand(initiative.null_alternative, where, "the null alternative is missing")
    _demand(initiative.benefits, where, "benefits are missing")
    _demand(initiative.costs, where, "costs are missing")
    last = initiative.story[-1].day
    owners = {initiative.service_owner, *(benefit.service_owner for benefit in initiative.benefits)}
    for username in owners:
        roles = content.people_by_username[username].roles if username else []
        owns = any(role.role == "service_owner" and role.covers(last) for role in roles)
        _demand(owns, where, f"{username!r} is no service owner")
    owner = content.people_by_username.get(initiative.project_owner)
    may_own = owner and any(role.role == "project_owner" for role in owner.roles)
    _demand(may_own, where, f"{initiative.project_owner!r} is no project owner")
    for benefit in initiative.benefits:
        priced = (benefit.estimate_per_year_nok, benefit.hours_per_year)
        given = sum(value is not None for value in priced)
        _demand(given == (benefit.form != "not_priced"), where, f"estimate of benefit {benefit.title!r}")


class _Story:
    """One story, walked from the first step to the last."""

    def __init__(self, content: Content, initiative: Initiative) -> None:
        """Start before the first step."""
        self.content, self.initiative = content, initiative
        self.state, self.phase, self.approved = "", "", set[str]()
        self.stand_ins = dict[str, str]()
        self.meetings = {meeting.key: meeting for meeting in content.meetings}

    def check(self) -> None:
        """Walk through the steps and compare the end.

        :raises ContentError: naming the step.
        """
        moments = [(step.day, time.fromisoformat(step.time)) for step in self.initiative.story]
        base = self.content.where(self.initiative)
        _demand(moments == sorted(set(moments)), base, "the steps are not in order")
        _demand(moments[-1][0] < 0, base, "a step lies after the day before seeding")
        for number, step in enumerate(self.initiative.story):
            self._walk(step, f"{base}.story[{number}] {step.do}")
        _demand(
            self.state == self.initiative.end_state,
            base,
            f"the story ends in {self.state!r}, not in {self.initiative.end_state!r}",
        )
        _demand(self.state in END_STATES, base, f"{self.state} is no end state")

    def _walk(self, step: Step, where: str) -> None:
        """Check one step and move on."""
        rule = RULES.get(step.do)
        _demand(rule, where, "no such step")
        assert rule is not None  # told to the type checker; _demand has raised
        _demand(self.state in rule.sources, where, f"not possible in state {self.state!r}")
        wrong = set(step.data) - rule.required - rule.optional
        _demand(not wrong, where, f"unknown data {sorted(wrong)}")
        missing = rule.required - set(step.data)
        _demand(not missing, where, f"missing data {sorted(missing)}")
        self._data(step, where)
        _demand(self._may(rule, step), where, f"{step.by} may not do this on day {step.day}")
        if step.do == "name_stand_in":
            self.stand_ins[step.data["role"]] = step.data["stand_in"]
        self.state = rule.target or self._target(step, where)

    def _data(self, step: Step, where: str) -> None:
        """Check the references and day offsets in the data of a step."""
        people = self.content.people_by_username
        for key in ("case_handler", "responsible", "project_manager", "project_owner", "stand_in"):
            _demand(key not in step.data or step.data[key] in people, where, f"unknown person in {key}")
        for key in DAY_KEYS & set(step.data):
            _demand(step.data[key] > step.day, where, f"{key} is not after the day of the step")
        _demand(
            step.data.get("meeting") in {None, *self.meetings},
            where,
            f"unknown meeting {step.data.get('meeting')}",
        )
        others = {initiative.key for initiative in self.content.initiatives}
        _demand(step.data.get("into") in {None, *others}, where, "unknown initiative to merge into")

    def _may(self, rule: Rule, step: Step) -> bool:
        """Tell whether the actor holds the role that is needed on that day."""
        person = self.content.people_by_username.get(step.by)
        if person is None:
            return False
        own, tree = self.initiative, self.content.tree
        if rule.scope == "author":
            author = step.by in {own.submitter, *own.co_editors}
            return author or holds(person, rule.roles, [own.municipality], step.day)
        if rule.scope == "hearing":
            if step.do == "answer_hearing" and self.stand_ins.get(step.data["role"]) == step.by:
                return True
            return holds(person, [step.data["role"]], [*tree.line(own.unit), *own.participants], step.day)
        if rule.scope == "sector":
            return holds(person, rule.roles, [tree.sector(own.unit)], step.day)
        if rule.scope == "decider":
            return holds(person, rule.roles, [step.data["municipality"]], step.day)
        if rule.scope == "project" and step.by == own.project_owner:
            return True
        return self._holds_in_municipality(rule, step)

    def _holds_in_municipality(self, rule: Rule, step: Step) -> bool:
        """Tell whether the actor has the role anywhere in the owning municipality, leading where needed."""
        tree, own = self.content.tree, self.initiative.municipality
        return any(
            role.role in rule.roles
            and role.covers(step.day)
            and tree.municipality(role.unit) == own
            and (role.leading or step.do not in LEADING_ONLY)
            for role in self.content.people_by_username[step.by].roles
        )

    def _target(self, step: Step, where: str) -> str:
        """Return the state after a step whose target depends on its data."""
        if step.do == "decide":
            _demand(step.data["outcome"] in OUTCOMES, where, "unknown outcome")
            return OUTCOMES[step.data["outcome"]]
        if step.do == "municipal_decision":
            return self._after_municipal_decision(step, where)
        if step.do == "move_phase":
            expected = PHASES[PHASES.index(self.phase) + 1 if self.phase else 0]
            self.phase = step.data["to"]
            _demand(self.phase == expected, where, f"the next phase is {expected}")
            return "realizing" if self.phase == "realizing" else self.state
        return self.state

    def _after_municipal_decision(self, step: Step, where: str) -> str:
        """Return the state after one more municipality has decided."""
        deciders = set(self.initiative.participants or [self.initiative.municipality])
        _demand(step.data["municipality"] in deciders, where, "the municipality takes no part")
        if step.data["verdict"] != "approved":
            return "rejected"
        self.approved.add(step.data["municipality"])
        return "adopted" if self.approved == deciders else self.state
