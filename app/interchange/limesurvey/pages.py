"""Groups of questions become pages, and groups that share a random order become groups of pages."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, Holds, Say
from app.interchange.formulas import phrase
from app.interchange.naming import as_page_name
from app.interchange.safe_text import plain_text

from .common import group_relevance
from .conversion import Conversion
from .settling import LimeSettling
from .survey import Group, Question

NO_QUESTIONS = "It has no questions."
NOT_TOGETHER = "Its parts do not follow one another, so they keep their order."
ONE_ORDER = "A page has one random order: that of “%(group)s”."
MOST_QUESTIONS = 500


def head_of(conversion: Conversion, settling: LimeSettling, group: Group, number: int) -> list[Draft]:
    """The group's description, as a note."""
    if not any(plain_text(words[:50_000])[0] for words in group.description.values()):
        return []
    label = Say((group.description,), f"groups/{group.gid}", "description")
    note: Draft = {"name": conversion.name(f"page{number}_text"), "kind": "note", "label": label}
    return settling.settle("", note)


def page_of(conversion: Conversion, settling: LimeSettling, group: Group, number: int, questions: list[Draft]) -> Draft:
    """A page with its words and its condition."""
    where = f"groups/{group.gid}"
    page: Draft = {"name": f"page{number}"}
    name = plain_text(next(iter(group.title.values()), "")[:500])[0]
    if not questions:
        conversion.report.add(where, "group", name, "dropped", NO_QUESTIONS)
    else:
        conversion.report.add(where, "group", name, at=page)
    page["title"] = settling.writer.heading(Say((group.title,), where, "group_name")) or conversion.survey_title
    terms = group_relevance(group)
    if terms:
        found = settling.condition("", Holds(terms), page, "relevant")
        if found == phrase.NO:
            questions = settling.nobody(questions)
        elif found and found != phrase.YES:
            page["relevant"] = found.text
    page["questions"] = questions
    return page


def divided(page: Draft) -> list[Draft]:
    """A page, or several where it has too many questions."""
    questions = page["questions"]
    pages = [{**page, "questions": questions[n : n + MOST_QUESTIONS]} for n in range(0, len(questions), MOST_QUESTIONS)]
    for number, part in enumerate(pages[1:], 2):
        part["name"] = f"{page['name']}part{number}"
    return [page] if len(pages) < 2 else pages


def random_groups(conversion: Conversion, pages: list[tuple[Group, list[Draft]]]) -> list[Draft]:
    """Groups of pages in random order: LimeSurvey shuffles all that name the same one."""
    found: list[Draft] = []
    places: dict[str, list[int]] = {}
    for place, (group, drafts) in enumerate(pages):
        if group.randomization and drafts:
            places.setdefault(group.randomization, []).append(place)
    for name, at in places.items():
        together = at == list(range(at[0], at[0] + len(at)))
        for place in at:
            group, drafts = pages[place]
            thing = f"groups/{group.gid}", "randomization_group", name
            if not together:
                conversion.report.add(*thing, "dropped", NOT_TOGETHER)
                continue
            conversion.report.add(*thing)
            for draft in drafts:
                draft["group"] = as_page_name(f"random_{len(found) + 1}")
        if together and len(at) > 1:
            found.append({"name": as_page_name(f"random_{len(found) + 1}"), "randomize": True})
        elif together:
            for draft in pages[at[0]][1]:
                del draft["group"]
    return found


def random_questions(
    conversion: Conversion, group: Group, page: Draft, origin: dict[int, Question], alone: set[str]
) -> None:
    """Questions that name the same random group are shuffled among their places: the others of the page are fixed."""
    names = {question.qid: question.attribute("random_group") for question in group.questions}
    wanted = list(dict.fromkeys(name for name in names.values() if name))
    for question in group.questions:
        name = names[question.qid]
        if not name:
            continue
        if name not in alone:
            conversion.attribute(question, "random_group", "dropped", NOT_TOGETHER)
        elif name != wanted[0]:
            conversion.attribute(question, "random_group", "dropped", ONE_ORDER, group=wanted[0])
        else:
            conversion.attribute(question, "random_group")
    if not wanted or wanted[0] not in alone:
        return
    drafts = page["questions"]
    free = [draft for draft in drafts if (q := origin.get(id(draft))) is not None and names.get(q.qid) == wanted[0]]
    if len(free) < 2 or len({origin[id(draft)].qid for draft in free}) < len(free):
        return
    page["randomize"] = True
    for draft in drafts:
        if not any(draft is one for one in free):
            draft["fixed"] = True


def places_of_random_groups(groups: list[Group]) -> set[str]:
    """The random groups whose questions all stand in one group."""
    seen: dict[str, set[str]] = {}
    for group in groups:
        for question in group.questions:
            if name := question.attribute("random_group"):
                seen.setdefault(name, set()).add(group.gid)
    return {name for name, groups_ in seen.items() if len(groups_) == 1}
