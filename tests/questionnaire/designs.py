"""Questionnaires with everything that decides who is asked what.

Nested groups, random orders, samples of rows and questions, arms, conditions of groups, pages, questions and rows,
filters, calculations, constraints, answers in words.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .made import LONG_AGO, _question, texts

Document = dict[str, Any]
WITHOUT_WORDS = ("arm", "sample", "calculate")


class _Design:
    """Pages in groups that follow one another, and what may be named where."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.groups: dict[str, Document] = {}
        self.ways: list[tuple[str, ...]] = []
        for _ in range(draw(st.integers(2, 5))):
            self.ways.append(self._next_way(self.ways[-1] if self.ways else ()))
        self.pages: list[Document] = []
        self.variables: list[dict[str, Document]] = []

    def _next_way(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """The groups around the next page, from without: those of the page before, fewer, or one more."""
        way = before[: self.draw(st.integers(0, len(before)))]
        if len(way) < 2 and self.draw(st.booleans()):
            name = f"group-{len(self.groups)}"
            self.groups[name] = {"name": name, "randomize": self.draw(st.booleans())}
            self.groups[name] |= {"group": way[-1]} if way else {}
            way = (*way, name)
        return way

    def before(self, number: int) -> dict[str, Document]:
        """The variables of the pages that surely come before a page."""
        found: dict[str, Document] = {}
        for other in range(number):
            one, two = (*self.ways[other], other), (*self.ways[number], number)
            common = next(n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b)
            if not common or not self.groups[str(one[common - 1])]["randomize"]:
                found |= self.variables[other]
        return found

    def condition(self, known: dict[str, Document]) -> str:
        """A condition on variables that are known, which can hold and can fail."""
        parts = [self._part(known) for _ in range(self.draw(st.integers(1, 2)))]
        word = self.draw(st.sampled_from([" and ", " or "]))
        said = word.join(f"({part})" for part in parts)
        said = f"not({said})" if self.draw(st.booleans()) else said
        return f"{said} or {LONG_AGO}"

    def _part(self, known: dict[str, Document]) -> str:
        name = self.draw(st.sampled_from(sorted(known)))
        codes = [choice["code"] for choice in known[name].get("choices", ())]
        forms = ["${%s} = ''", "${%s} != ''", "number(${%s}) > 2"]
        if codes and known[name]["kind"] != "rank":
            forms += [f"selected(${{%s}}, '{self.draw(st.sampled_from(codes))}')"] * 2
        return self.draw(st.sampled_from(forms)) % name

    def add_page(self, number: int, arms: list[str]) -> None:
        draw, name = self.draw, f"page_{number}"
        page: Document = {"name": name, "title": draw(texts()), "questions": []}
        if self.ways[number]:
            page["group"] = self.ways[number][-1]
        before = self.before(number)
        if bool(before) and draw(st.booleans()):
            page["relevant"] = self.condition(before)
        count = draw(st.integers(1, 4))
        is_random = count > 2 and draw(st.booleans())
        known, own = dict(before), dict[str, Document]()
        for place in range(count):
            question = _question(draw, f"p{number}q{place}", sorted(known), [arm for arm in arms if arm in before])
            self._vary(question, known)
            page["questions"].append(question)
            rows = question.get("rows", [question])
            made = {row["name"]: question for row in rows} if question["kind"] != "note" else {}
            own |= made
            known |= {} if is_random else made
        met = [q for q in page["questions"] if q["kind"] not in WITHOUT_WORDS]
        if is_random and len(met) > 2:
            page["randomize"] = True
            met[-1]["fixed"] = draw(st.booleans())
        self.pages.append(page)
        self.variables.append(own)

    def _vary(self, question: Document, known: dict[str, Document]) -> None:
        """What else may hang on earlier answers."""
        draw, kind = self.draw, question["kind"]
        if not known or kind in WITHOUT_WORDS:
            return
        if draw(st.booleans()):
            question["relevant"] = self.condition(known)
        if kind in ("matrix", "allocate"):
            for row in question["rows"]:
                if draw(st.integers(0, 2)) == 0:
                    row["relevant"] = self.condition(known)
        if draw(st.integers(0, 3)) == 0:
            name = draw(st.sampled_from(sorted(known)))
            question["label"] = {code: f"{words} ${{{name}}}" for code, words in question["label"].items()}
        if kind in ("select_one", "select_multiple", "rank") and draw(st.booleans()):
            spared = self.condition(known)
            question["choice_filter"] = f"name != '{question['choices'][0]['code']}' or ({spared})"
        if "required" in question and draw(st.integers(0, 2)) == 0:
            question["required"] = self.condition(known)
        if kind in ("integer", "decimal", "range") and draw(st.booleans()):
            question["constraint"] = f". > 3 or ({self.condition(known)})"

    def add_sample(self) -> None:
        """Some questions or rows, of any pages, of which a few are asked."""
        draw = self.draw
        every = [q for page in self.pages for q in page["questions"] if q["kind"] not in WITHOUT_WORDS]
        by_rows = draw(st.booleans())
        names = [row["name"] for q in every for row in q.get("rows", ())] if by_rows else [q["name"] for q in every]
        if len(names) < 2 or not draw(st.booleans()):
            return
        of = draw(st.lists(st.sampled_from(names), min_size=2, max_size=5, unique=True))
        ask = {"ask": draw(st.integers(1, len(of) - 1))}
        sample = {"name": "drawn", "kind": "sample", "label": draw(texts()), "of": of, "parameters": ask}
        self.pages[0]["questions"].insert(0, sample)

    def add_conditions_of_groups(self) -> None:
        for name, group in self.groups.items():
            first = next(number for number, way in enumerate(self.ways) if name in way)
            known = self.before(first)
            if bool(known) and self.draw(st.booleans()):
                group["relevant"] = self.condition(known)


@st.composite
def designs(draw: st.DrawFn) -> Document:
    """Documents of sound questionnaires of all kinds and with all that decides who is asked what."""
    design = _Design(draw)
    arms: list[str] = []
    for number in range(len(design.ways)):
        design.add_page(number, arms)
        arms += [q["name"] for q in design.pages[-1]["questions"] if q["kind"] == "arm"]
    if all(q["kind"] in WITHOUT_WORDS for page in design.pages for q in page["questions"]):
        # A questionnaire that shows nothing is a mistake, and is refused.
        design.pages[-1]["questions"].append({"name": "seen", "kind": "note", "label": draw(texts())})
    design.add_conditions_of_groups()
    design.add_sample()
    return {
        "survey": "made",
        "title": draw(texts()),
        "languages": ["ja", "en"],
        "groups": list(design.groups.values()),
        "pages": design.pages,
    }
