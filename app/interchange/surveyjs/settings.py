"""What a survey itself says: its words, and settings that are the platform's own."""

from __future__ import annotations

from typing import Any

from app.interchange.drafts.draft import Say
from app.interchange.report import Outcome
from app.interchange.safe_text import plain_text

from .conversion import Conversion
from .element import Element, as_word
from .texts import JsonWriter

LOOKS = "How pages look is the platform's own."
NAVIGATION = "Going forward and back is the platform's own."
TIME = "Surveys have no time limit here."
ENDING = "The platform's own thanks end every interview. The words there: %(words)s"
ADDRESS = "Nobody is sent on to another address at the end: %(words)s"
SENDING = "Answers are kept by the platform, page by page."
PAGES = "Questions are shown page by page."
NO_PLACE = "There is no such setting here."

_PLACES: dict[str, tuple[str, ...]] = {
    LOOKS: (
        *("showQuestionNumbers", "logo", "logoPosition", "logoWidth", "logoHeight", "logoFit", "width", "widthMode"),
        *(
            "headerView",
            "gridLayoutEnabled",
            "showProgressBar",
            "progressBarType",
            "progressBarLocation",
            "questionStartIndex",
        ),
        *("questionTitleTemplate", "questionTitleLocation", "questionDescriptionLocation", "questionErrorLocation"),
        *(
            "requiredMark",
            "requiredText",
            "showPageNumbers",
            "showPageTitles",
            "showTitle",
            "backgroundImage",
            "header",
        ),
        *("backgroundImageFit", "backgroundImageAttachment", "backgroundOpacity", "showTOC", "tocLocation", "css"),
        *("progressBarShowNavigationText", "progressBarShowPageNumbers", "progressBarShowPageTitles", "showBrandInfo"),
        *(
            "themeVariables",
            "fitToContainer",
            "allowResizeComment",
            "autoGrowComment",
            "commentAreaRows",
            "showTitleIf",
        ),
        *("questionTitlePattern", "maxOthersLength", "maxTextLength", "maxCommentLength", "tocItemComponent"),
        *("progressBarNavigationTextLocation", "matrixDragHandleArea", "cssClasses"),
    ),
    NAVIGATION: (
        *(
            "showNavigationButtons",
            "showPrevButton",
            "goNextPageAutomatic",
            "autoAdvanceEnabled",
            "autoFocusFirstQuestion",
        ),
        *("navigationButtonsLocation", "pageNextText", "pagePrevText", "completeText", "previewText", "editText"),
        *(
            "showPreviewBeforeComplete",
            "previewMode",
            "checkErrorsMode",
            "focusFirstQuestionAutomatic",
            "startSurveyText",
        ),
        *("autoFocusFirstError", "autoAdvanceAllowComplete", "enterKeyAction", "validateVisitedEmptyFields"),
        *("focusOnFirstError", "allowCompleteSurveyAutomatic", "validationType", "validationEnabled"),
    ),
    TIME: (
        *("showTimer", "showTimerPanel", "timeLimit", "timeLimitPerPage", "maxTimeToFinish", "maxTimeToFinishPage"),
        *("timerLocation", "timerInfoMode", "showTimerPanelMode"),
    ),
    SENDING: (
        *(
            "clearInvisibleValues",
            "storeOthersAsComment",
            "textUpdateMode",
            "cookieName",
            "sendResultOnPageNext",
            "surveyId",
        ),
        *("partialSendEnabled", "surveyPostId", "surveyShowDataSaving", "autosaveMode", "formEmailTo", "value", "data"),
        *("mode", "readOnly", "name", "keepIncorrectValues", "clientId"),
    ),
}
_REASONS = {name: reason for reason, names in _PLACES.items() for name in names}
_ENDINGS = {
    **dict.fromkeys(("completedHtml", "completedBeforeHtml", "loadingHtml", "emptySurvey"), ENDING),
    **dict.fromkeys(("completedHtmlOnCondition", "showCompletedPage", "showCompletePage"), ENDING),
    **dict.fromkeys(("navigateToUrl", "navigateToUrlOnCondition"), ADDRESS),
}
_USED = {
    *("pages", "elements", "questions", "title", "description", "locale", "calculatedValues", "triggers"),
    *("firstPageIsStarted", "firstPageIsStartPage", "questionsOrder", "questionOrder"),
}
_ONE_PAGE = ("questionsOnPageMode", "isSinglePage")


def head(conversion: Conversion, writer: JsonWriter, survey: Element, key: str) -> dict[str, Any]:
    """The questionnaire's own words."""
    document: dict[str, Any] = {"survey": key, "pages": [], "languages": list(conversion.languages)}
    for language in conversion.languages:
        conversion.report.add("survey", "language", language)
    document["title"] = writer.heading(Say((survey.words("title"),), "survey", "title"))
    introduction = writer.heading(Say((survey.words("description"),), "survey", "description"))
    if introduction:
        document["introduction"] = introduction
    return document


def tell_settings(conversion: Conversion, survey: Element) -> None:
    """Every setting that says something, and why it is not here."""
    for key, value in survey.data.items():
        if key in _USED:
            if key in ("locale", "firstPageIsStarted", "firstPageIsStartPage", "questionsOrder", "questionOrder"):
                conversion.report.add("survey", "setting", key)
            continue
        outcome, message, words = _fate(key, value)
        conversion.report.add("survey", "setting", key, outcome, message, words=words)


def _fate(key: str, value: Any) -> tuple[Outcome, str, str]:
    if value in (None, "", False, [], {}, "default"):
        return "kept", "", ""
    if key in _ONE_PAGE:
        return ("kept", "", "") if value == "standard" else ("changed", PAGES, "")
    if key in _ENDINGS:
        said = value if isinstance(value, str) else next(iter(value.values()), "") if isinstance(value, dict) else key
        return "dropped", _ENDINGS[key], plain_text(as_word(said)[:5_000])[0][:500] or key
    return "dropped", _REASONS.get(key, NO_PLACE), ""
