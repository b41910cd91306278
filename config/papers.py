"""What case papers are made of: lists of dotted paths, in the order of the paper."""

from __future__ import annotations

# What is written in a case paper (governance.paper_sections).  Each municipality says which of them it asks for.
SECTIONS = [
    "governance.paper_sections.recommendation",
    "governance.paper_sections.summary",
    "governance.paper_sections.background",
    "governance.paper_sections.facts",
    "governance.paper_sections.benefits",
    "governance.paper_sections.alternatives",
    "governance.paper_sections.statements",
    "governance.paper_sections.risk",
    "governance.paper_sections.assessment",
    "governance.paper_sections.communication",
    "governance.paper_sections.follow_up",
]
# What apps say in the case paper beside what is written in it, to whoever reads it.
PARTS = ["governance.goals.goals_part", "benefits.papers.pilot_part", "governance.poker.papers.poker_part"]
