"""Who may open which address: one line for each endpoint of the application. What has no line is open to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from .roles import TO_ADMINISTER, TO_LOOK, TO_ORGANIZE, TO_TAKE_DATA, TO_TRANSLATE


@dataclass(frozen=True)
class Rule:
    """Which account opens an address.

    roles: any one of them is needed; None for every account, also one without a role.
    survey: the part of the address that names the survey on which it is needed. "" where the address names none: then
    a role on any survey opens the page, which shows what belongs to that role only, and asks again before it acts.
    fresh: the person must have shown the password within the last minutes. public: no account is needed.
    """

    roles: frozenset[str] | None = None
    survey: str = ""
    fresh: bool = False
    public: bool = False


PUBLIC = Rule(public=True)
SIGNED_IN = Rule()
SIGNED_IN_FRESH = Rule(fresh=True)

_EVERYBODYS = (
    "static",
    "health.healthz",
    "track.overview",
    "track.measure",
    "track.agenda",
    "track.methods",
    "track.questions",
    "track.trend",
    "track.as_csv",
    "track.as_json",
    "track.as_svg",
    "track.as_png",
    "track.differences_csv",
    "track.differences_json",
    "track.common_ground",
    "track.common_ground_csv",
    "track.common_ground_json",
    "track.gaps",
    "track.gaps_csv",
    "track.gaps_json",
    "track.published",
    "track.published_csv",
    "track.published_json",
    "track.revisions",
    "track.revisions_csv",
    "track.revisions_json",
    "respond.surveys_open",
    "respond.first_screen",
    "respond.screen",
    "respond.ended",
    "respond.full",
    "respond.another",
    "respond.check",
    "respond.receipt",
    "respond.later",
    "respond.resume",
    "respond.invited",
    "respond.no_mail",
    "respond.withdraw",
    "accounts.sign_in",
    "accounts.second_step",
    "accounts.sign_out",
    "accounts.forgotten",
    "accounts.set_password",
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(_EVERYBODYS, PUBLIC),
    "accounts.own": SIGNED_IN,
    "accounts.language": SIGNED_IN,
    "accounts.end_sessions": SIGNED_IN,
    "accounts.confirm": SIGNED_IN,
    "accounts.password": SIGNED_IN_FRESH,
    "accounts.second_factor": SIGNED_IN_FRESH,
    "accounts.recovery_codes": SIGNED_IN_FRESH,
    "accounts.remove_second_factor": SIGNED_IN_FRESH,
    "organize.overview": Rule(TO_LOOK),
    "organize.upload": Rule(TO_ORGANIZE),
    "organize.imported": Rule(TO_ORGANIZE),
    "organize.survey": Rule(TO_LOOK, "key"),
    "organize.version_file": Rule(TO_LOOK, "key"),
    "organize.version": Rule(TO_LOOK, "key"),
    "organize.version_workbook": Rule(TO_LOOK, "key"),
    "organize.compare_versions": Rule(TO_LOOK, "key"),
    "organize.open_wave": Rule(TO_ORGANIZE, "key"),
    "organize.change_wave": Rule(TO_ORGANIZE, "key"),
    "organize.close_wave": Rule(TO_ORGANIZE, "key"),
    "organize.new_survey": Rule(TO_ORGANIZE),
    "organize.design": Rule(TO_ORGANIZE, "key"),
    "organize.source": Rule(TO_ORGANIZE, "key"),
    "organize.remove_draft": Rule(TO_ORGANIZE, "key"),
    "organize.design_settings": Rule(TO_ORGANIZE, "key"),
    "organize.design_rules": Rule(TO_ORGANIZE, "key"),
    "organize.add_page": Rule(TO_ORGANIZE, "key"),
    "organize.design_page": Rule(TO_ORGANIZE, "key"),
    "organize.remove_page": Rule(TO_ORGANIZE, "key"),
    "organize.add_question": Rule(TO_ORGANIZE, "key"),
    "organize.design_question": Rule(TO_ORGANIZE, "key"),
    "organize.design_history": Rule(TO_ORGANIZE, "key"),
    "organize.design_state": Rule(TO_ORGANIZE, "key"),
    "organize.design_file": Rule(TO_ORGANIZE, "key"),
    "organize.design_preview": Rule(TO_ORGANIZE, "key"),
    "organize.preview_frame": Rule(TO_ORGANIZE, "key"),
    "organize.check_expression": Rule(TO_ORGANIZE, "key"),
    "organize.design_routing": Rule(TO_ORGANIZE, "key"),
    "organize.design_languages": Rule(TO_TRANSLATE, "key"),
    "organize.translate": Rule(TO_TRANSLATE, "key"),
    "organize.translations_file": Rule(TO_TRANSLATE, "key"),
    "organize.take_translations": Rule(TO_TRANSLATE, "key"),
    "organize.design_bank": Rule(TO_ORGANIZE, "key"),
    "organize.design_publish": Rule(TO_ORGANIZE, "key"),
    "organize.wave": Rule(TO_LOOK, "key"),
    "organize.monitor": Rule(TO_LOOK, "key"),
    "organize.monitor_file": Rule(TO_LOOK, "key"),
    "organize.contacts": Rule(TO_ORGANIZE, "key"),
    "organize.returned": Rule(TO_ORGANIZE, "key"),
    "organize.mailing": Rule(TO_ORGANIZE, "key"),
    "organize.quotas": Rule(TO_ORGANIZE, "key"),
    "organize.doubtful": Rule(TO_ORGANIZE, "key"),
    "organize.jobs": Rule(TO_ORGANIZE),
    "organize.run_job": Rule(TO_ORGANIZE),
    "organize.people": Rule(TO_ADMINISTER),
    "organize.invite": Rule(TO_ADMINISTER, fresh=True),
    "organize.person": Rule(TO_ADMINISTER, fresh=True),
    "organize.audit": Rule(TO_ADMINISTER),
    "organize.audit_file": Rule(TO_ADMINISTER),
    "research.overview": Rule(TO_TAKE_DATA),
    "research.responses_file": Rule(TO_TAKE_DATA, "survey"),
    "research.codebook_file": Rule(TO_TAKE_DATA, "survey"),
}
