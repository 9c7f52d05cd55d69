"""The proposals of the fielded questionnaires are put neutrally, one at a time, on balanced scales."""

from __future__ import annotations

import re

from app.questionnaire.kinds.matrix import Matrix
from app.questionnaire.kinds.scale import Scale
from tests.questionnaire.fielded import asked, each_language, every_survey, items, survey

# Words that praise or blame what they describe, or tell the reader what to think of it.
LEADING = {
    "en": """important necessary essential vital crucial key urgent effective efficient better best good great strong
        stronger robust solid credible reliable reasonable sensible fair proper appropriate responsible peaceful stable
        secure safe modern advanced innovative ambitious significant successful beneficial helpful useful valuable
        bad worse worst weak poor harmful dangerous risky costly excessive unfair unnecessary aggressive provocative
        controversial radical extreme serious severe grave alarming unfortunate only merely finally simply obviously
        clearly threat threatening crisis despite""",
    "ja": """重要 大切 必要性 不可欠 肝心 効果的 効率的 有効 優れ 望まし 好まし 適切 適正 妥当 公正 公平 合理的
        責任ある 平和的 安定し 強固 確固 堅固 積極的 先進的 画期的 有益 有意義 役立 貴重 より良 よりよ 劣 悪化
        有害 危うい 過大 過度 過剰 不公平 不当 不要 無駄 攻撃的 挑発 急進的 極端 深刻 重大 残念 やはり わずか
        当然 もちろん 明らか 脅威 脅か 危機 にもかかわらず""",
}
# What is said by the name of a thing, not of the thing.
NAMED = ("dangerous cargo", "who is responsible", "国際的な安全保障", "安全保障")


@each_language
@every_survey
def test_no_word_of_a_proposal_leads(key: str, language: str) -> None:
    for variable in items(key).values():
        said = [variable.label[language], (variable.stem or {})[language]]
        said += [variable.row.hint[language]] if variable.row and variable.row.hint else []
        plain = " ".join(said).lower()
        for name in NAMED:
            plain = plain.replace(name, "")
        words = set(re.findall(r"[a-z]+", plain))
        found = [w for w in LEADING[language].split() if (w in words if language == "en" else w in plain)]
        # "Good neighbor" is the programs' own name, and the row does without it.
        assert found == (["good"] if variable.name == "DD3b" and language == "en" else []), variable.name


# Pairs that are one thing.
ONE_THING = (
    "japan and the united states",
    "japanese and u.s. forces",
    "bases and other facilities",
    "command and information systems",
    "ground, sea and air forces",
    "search and rescue",
    "jointly or in coordination",
    "the same level as u.s.-china consultations or a higher one",
)


@every_survey
def test_no_proposal_asks_two_things_at_once(key: str) -> None:
    for variable in items(key).values():
        said = variable.label["en"].lower()
        for pair in ONE_THING:
            said = said.replace(pair, "")
        assert not re.search(r"\b(and|or)\b", said), variable.label["en"]


@every_survey
def test_no_proposal_is_put_in_the_negative(key: str) -> None:
    for variable in items(key).values():
        assert not re.search(r"\b(not|no|never|without)\b", variable.label["en"].replace("is not in Japan's", "")), (
            variable
        )
        assert not re.search(r"(しない|させない|ないようにする)$", variable.label["ja"]), variable


# What each end of a scale is called, and what the other end is called then.
OPPOSITES = {
    "en": (("oppose", "support"), ("unfavorable", "favorable"), ("Less", "More")),
    "ja": (("反対", "賛成"), ("悪い", "良い"), ("縮小", "拡大")),
}


@each_language
@every_survey
def test_scales_with_a_middle_are_the_same_on_both_sides(key: str, language: str) -> None:
    seen = set()
    for question in asked(key):
        if not isinstance(question, Scale | Matrix) or len(question.choices) % 2 == 0:
            continue
        labels = [choice.label[language] for choice in question.choices]
        pair = next(pair for pair in OPPOSITES[language] if pair[0] in labels[0])
        half = len(labels) // 2
        assert [label.replace(*pair) for label in labels[:half]] == labels[:half:-1]
        assert pair[0] not in labels[half] or pair[1] in labels[half]
        assert question.dont_know
        seen.add(pair)
    assert len(seen) == (3 if "cooperation" in {page.name for page in survey(key).pages} else 2)


@every_survey
def test_scales_without_a_middle_have_as_many_points_on_either_side(key: str) -> None:
    for question in asked(key):
        if isinstance(question, Scale) and len(question.choices) % 2 == 0:
            labels = [choice.label["en"] for choice in question.choices]
            assert len(labels) == 4
            assert re.match("(Do not trust|Nothing|A little|A great deal|A fair amount)", labels[0])
            assert [bool(re.match("Do not", label)) for label in labels] in ([True, True, False, False], [False] * 4)


@each_language
@every_survey
def test_a_question_names_both_sides_of_its_scale(key: str, language: str) -> None:
    sides = {
        "en": "support or oppose|favorable or an unfavorable|trust or not trust|if an(y|ything)|less .* or more",
        "ja": "賛成.*反対|良い.*悪い|それとも信頼していません|それともありません|それとも感じていません|縮小.*拡大",
    }[language]
    for question in asked(key):
        if isinstance(question, Scale | Matrix):
            assert re.search(sides, question.label[language]), question.name
