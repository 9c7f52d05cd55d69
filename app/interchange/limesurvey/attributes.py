"""The attributes of questions that no type has a use for: what each was for, and that it is not there."""

from __future__ import annotations

from app.interchange.report import Outcome

from .conversion import Conversion
from .survey import Question

LOOKS = "How questions look is the platform's own."
RESULTS = "Which results are shown is set in the platform."
TIME = "Questions have no time limit here."
TOGETHER = "Our constraints cannot check several answers together."
SORTED = "Options stand in the order of the file."
OPEN = "The words beside “other” may be left open, and are any words."
NO_PLACE = "There is no such setting here."

_LOOKS = (
    *("hide_tip", "text_input_width", "answer_width", "cssclass", "display_columns", "display_rows", "input_size"),
    *("label_input_columns", "text_input_columns", "dropdown_size", "dropdown_prefix", "dropdown_prepostfix"),
    *("dropdown_separators", "category_separator", "question_template", "printable_help", "placeholder", "page_break"),
    *("repeat_headings", "samechoiceheight", "samelistheight", "showpopups", "choice_title", "rank_title", "reverse"),
    *("use_dropdown", "array_filter_style", "answer_width_bycolumn", "horizontal_scroll", "crop_or_resize"),
    *("fix_height", "fix_width", "keep_aspect", "show_totals", "show_grand_total", "width_entry", "show_tick"),
    *("show_search", "button_size", "input_boxes", "dropdown_dates_month_style", "dropdown_dates_minute_step"),
    *("dropdown_dates", "hide_answers", "time_limit_timer_style", "scale_export", "exclude_all_others_auto"),
    *("label_width", "input_boxes", "visualize", "only_pull", "show_handle", "show_number", "addlineicon"),
)
_RESULTS = ("public_statistics", "assessment_value", "save_as_default", "clear_default")
_OPEN = ("other_comment_mandatory", "other_numbers_only")
_SORTS = ("alphasort", "parent_order", "answer_order", "subquestion_order", "random_order", "keep_codes_order")
_TOGETHER = (
    *("min_num_value", "max_num_value", "equals_num_value", "min_num_value_sgqa", "max_num_value_sgqa"),
    *("num_value_equals_sgqa", "min_answers", "max_answers", "max_subquestions", "min_num_value_n", "max_num_value_n"),
)
_NEUTRAL = {"", "0", "n", "no", "none", "false", "normal", "default", "inherit", "off", "null"}
# What stands there as long as nobody changed it.
_UNTOUCHED = dict(
    line.split("=", 1)
    for line in (
        "show_totals=X",
        "time_limit_action=1",
        "statistics_showgraph=1",
        "statistics_showmap=1",
        "display_columns=1",
        "location_mapwidth=500",
        "location_mapheight=300",
        "location_mapzoom=11",
        "slider_separator=|",
        "dropdown_dates_minute_step=1",
        "dropdown_prepostfix=|",
        "samechoiceheight=1",
        "samelistheight=1",
        "showpopups=1",
        "value_range_allows_missing=1",
        "max_num_of_files=1",
        "max_filesize=10240",
        "show_comment=1",
        "show_title=1",
        "slider_custom_handle=f1ae",
        "slider_default_set=1",
        "allowed_filetypes=png, gif, doc, odt, jpg, jpeg, pdf",
        "assessment_value=1",
        "other_position=end",
    )
)


def rest_of_attributes(conversion: Conversion, question: Question) -> None:
    """Tells of every attribute that was not told of yet."""
    for name, words in question.attributes.items():
        if (question.qid, name) not in conversion.used and name != "random_group":
            outcome, message = _fate(name, {value.strip() for value in words.values()})
            conversion.attribute(question, name, outcome, message)


def _fate(name: str, values: set[str]) -> tuple[Outcome, str]:
    if {value.lower() for value in values} <= _NEUTRAL or values == {_UNTOUCHED.get(name)}:
        return "kept", ""
    for names, message in (
        (_LOOKS, LOOKS),
        (_RESULTS, RESULTS),
        (_SORTS, SORTED),
        (_TOGETHER, TOGETHER),
        (_OPEN, OPEN),
    ):
        if name in names:
            return "dropped", message
    if name.startswith(("statistics_", "time_limit")):
        return "dropped", RESULTS if name.startswith("statistics_") else TIME
    return "dropped", LOOKS if name.startswith(("location_", "slider_")) else NO_PLACE
