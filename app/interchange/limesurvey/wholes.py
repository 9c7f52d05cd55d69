"""Which questions an entry of the report concerns: by the ids of the tables."""

from __future__ import annotations

from collections.abc import Sequence

from app.interchange.drafts.texts import REDUCED
from app.interchange.report import Entry, Thing
from app.interchange.texts import FILLED

from .attributes import LOOKS, RESULTS
from .survey import Question, Survey

HARMLESS = frozenset([LOOKS, RESULTS, REDUCED, FILLED])


class Wholes:
    """The questions of a survey by what stands for them in places: their own ids, their parts', their group's."""

    def __init__(self, survey: Survey) -> None:
        self.found: dict[str, Sequence[Thing]] = {}
        for group in survey.groups:
            self.found[f"groups/{group.gid}"] = [_thing(question) for question in group.questions]
        for question in survey.questions:
            self.found |= {f"{table}/{question.qid}": [_thing(question)] for table in ("questions", "answers")}
            self.found |= {f"subquestions/{part.qid}": [_thing(question)] for part in question.parts}

    def __call__(self, entry: Entry) -> Sequence[Thing]:
        place = "/".join(entry.where.split("/")[:2])
        if entry.item == "default value":
            place = f"questions/{entry.name.partition(' ')[0]}"
        return () if place.startswith("groups/") and entry.item != "relevance" else self.found.get(place, ())


def _thing(question: Question) -> Thing:
    return f"questions/{question.qid}", "question", question.code
