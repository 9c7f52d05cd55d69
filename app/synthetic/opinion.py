"""What synthetic people are made to think: invented, but with differences that surveys of the alliance have found.

Means are on a scale where people's opinions of one item spread with a standard deviation of about 1, and 0 lies in
the middle of the answers. Groups' numbers are added to their country's. Variables that are not here get
opinions of their own by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Shares = Mapping[str, float]

ALLIANCE = {"host": -0.5, "sdf_usfj": 0.6, "legislator": 0.4, "expert": 0.35, "alumni": 0.4}
EXPLAINING = {"host": -0.1, "sdf_usfj": 0.35, "legislator": 0.5, "expert": 0.45, "alumni": 0.3}
CONSULTING = {"host": 0.05, "sdf_usfj": 0.1, "legislator": 0.3, "expert": 0.5, "alumni": 0.2}
EXCHANGES = {"host": -0.05, "sdf_usfj": 0.15, "legislator": 0.3, "expert": 0.4, "alumni": 0.9}
BASES = {"host": -0.45, "sdf_usfj": 0.45, "legislator": 0.3, "expert": 0.25, "alumni": 0.15}
INFORMED = {"host": 0.25, "sdf_usfj": 0.8, "legislator": 1.1, "expert": 1.4, "alumni": 0.6}
UNBURDENED = {"host": -1.3, "sdf_usfj": 0.2, "legislator": -0.1, "expert": -0.1, "alumni": 0.1}


@dataclass(frozen=True)
class Item:
    """An item's means in Japan and elsewhere, what its groups add, the share of the public that does not know,
    what living in Okinawa adds, and how far the event moves people in Japan."""

    japan: float
    elsewhere: float
    groups: Shares
    unsure: float = 0.0
    okinawa: float = 0.0
    event: float = 0.0


ITEMS: Mapping[str, Item] = {
    "favour": Item(0.55, 0.75, ALLIANCE, 0.05, -0.4, -0.25),
    "trust_consult": Item(-0.35, 0.45, ALLIANCE, 0.09, -0.4, -0.3),
    "trust_defend": Item(0.15, 0.65, ALLIANCE, 0.08, -0.2, -0.15),
    "aware_guarantee": Item(0.25, -0.45, INFORMED),
    "aware_contrib": Item(0.0, -0.6, INFORMED),
    "DD1a": Item(0.45, 0.3, EXPLAINING, 0.09),
    "DD1b": Item(0.6, 0.5, EXPLAINING, 0.08),
    "DD3a": Item(0.5, 0.25, EXPLAINING, 0.09, -0.1),
    "DD4a": Item(0.1, 0.3, CONSULTING, 0.15),
    "DD5a": Item(0.3, 0.35, CONSULTING, 0.17),
    "DD5b": Item(0.4, 0.3, CONSULTING, 0.16),
    "DD2a": Item(0.1, 0.4, CONSULTING, 0.14),
    "DD7a": Item(0.75, 0.7, EXCHANGES, 0.06),
    "DD7b": Item(0.35, 0.3, EXCHANGES, 0.12),
    "DD7c": Item(0.25, 0.35, EXCHANGES, 0.08),
    "DD3b": Item(0.3, 0.5, BASES, 0.08, -0.3, -0.3),
    "DD6a": Item(0.2, 0.1, BASES, 0.16, -0.5, -0.35),
    "DD6b": Item(0.85, 0.45, {**BASES, "host": 0.3, "sdf_usfj": 0.0}, 0.13, 0.3, 0.35),
    "burden": Item(0.75, 0.0, UNBURDENED, 0.06, -0.9, -0.15),
}

# The public knows least; how much less often the others say that they do not know.
UNSURE: Shares = {"host": 0.9, "sdf_usfj": 0.6, "legislator": 0.35, "expert": 0.3, "alumni": 0.7}

# Who takes part: not their shares in the population, but enough of each group to be shown every month.
GROUPS: Shares = {"public": 0.66, "host": 0.1, "sdf_usfj": 0.06, "legislator": 0.05, "expert": 0.05, "alumni": 0.08}
COUNTRIES: Mapping[str, Shares] = {
    "host": {"jp": 1.0},
    "sdf_usfj": {"jp": 0.85, "us": 0.15},
    "legislator": {"jp": 0.54, "us": 0.45, "other": 0.01},
    "expert": {"jp": 0.47, "us": 0.47, "other": 0.06},
    "alumni": {"jp": 0.45, "us": 0.5, "other": 0.05},
    "": {"jp": 0.5, "us": 0.47, "other": 0.03},
}
# Adults by age and region, roughly as in the censuses of 2020.
AGES: Mapping[str, Shares] = {
    "jp": {"a18_29": 0.14, "a30_39": 0.13, "a40_49": 0.17, "a50_59": 0.16, "a60_69": 0.14, "a70_up": 0.26},
    "": {"a18_29": 0.21, "a30_39": 0.17, "a40_49": 0.16, "a50_59": 0.16, "a60_69": 0.15, "a70_up": 0.15},
}
GENDERS: Mapping[str, Shares] = {
    "sdf_usfj": {"female": 0.29, "male": 0.7, "other": 0.01},
    "legislator": {"female": 0.3, "male": 0.69, "other": 0.01},
    "": {"female": 0.51, "male": 0.48, "other": 0.01},
}
JAPAN: Mapping[str, Shares] = {
    "host": {
        "okinawa": 0.45,
        "kanto": 0.34,
        "kyushu": 0.09,
        "chugoku_shikoku": 0.08,
        "hokkaido_tohoku": 0.04,
    },
    "": {
        "hokkaido_tohoku": 0.11,
        "kanto": 0.345,
        "chubu": 0.17,
        "kinki": 0.165,
        "chugoku_shikoku": 0.09,
        "kyushu": 0.1,
        "okinawa": 0.02,
    },
}
UNITED_STATES: Mapping[str, Shares] = {
    "": {"northeast": 0.17, "midwest": 0.205, "south": 0.38, "west": 0.235, "territory": 0.01}
}

# Variable -> the variable that its shares depend on ("" for none), and the shares by its codes ("" for the others).
PEOPLE: Mapping[str, tuple[str, Mapping[str, Shares]]] = {
    "group": ("", {"": GROUPS}),
    "country": ("group", COUNTRIES),
    "gender": ("group", GENDERS),
    "age_group": ("country", AGES),
    "region_jp": ("group", JAPAN),
    "region_us": ("", UNITED_STATES),
}

# By country.
LANGUAGES: Mapping[str, Shares] = {
    "jp": {"ja": 0.97, "en": 0.03},
    "us": {"ja": 0.02, "en": 0.98},
    "": {"ja": 0.2, "en": 0.8},
}

# What people have lived through: the public's share, and by how much the others' is multiplied.
EXPERIENCE: Shares = {"study": 0.05, "work": 0.06, "culture": 0.07, "forces": 0.03, "family_friends": 0.17}
EXPERIENCED: Mapping[str, Shares] = {
    "alumni": {"study": 12, "work": 5, "culture": 6, "forces": 1, "family_friends": 4},
    "expert": {"study": 7, "work": 6, "culture": 3, "forces": 1, "family_friends": 3.5},
    "legislator": {"study": 2, "work": 3, "culture": 5, "forces": 1.5, "family_friends": 1.5},
    "sdf_usfj": {"study": 1, "work": 2, "culture": 2, "forces": 24, "family_friends": 2.5},
    "host": {"study": 1, "work": 1.5, "culture": 2, "forces": 1.5, "family_friends": 1.5},
}

# Which other answer was meant.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "en": ("Something else", "It depends", "None that is listed"),
    "ja": ("それ以外", "場合による", "この中にはない"),
}

COMMENTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "No further comments.",
        "The questions were easy to understand.",
        "I would like to hear more about how results are used.",
        "Some of these topics were new to me.",
        "Please publish the results in both languages.",
    ),
    "ja": (
        "特にありません。",
        "質問はわかりやすかったです。",
        "結果がどのように使われるのか、もっと知りたいです。",
        "初めて知る内容もありました。",
        "結果は両方の言語で公表してください。",
    ),
}
