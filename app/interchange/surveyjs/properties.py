"""The properties of elements that no type has a use for: what each was for, and that it is not there."""

from __future__ import annotations

from typing import Any

from app.interchange.report import Outcome

from .conversion import Conversion
from .element import Element

LOOKS = "How questions look is the platform's own."
VALUES = "Nothing is answered before a respondent answers it, and no answer sets another."
SCORES = "There are no points for answers, and no right ones."
TIME = "Questions have no time limit here."
LISTS = "Options are those of the file."
REPEATS = "How rows and panels are added is the platform's own."
MASKS = "What is typed is not brought into a form."
CHECKS = "Answers in different rows or panels are not compared with one another."
CELLS = "The words of single cells are not shown."
ALWAYS = "It could not be answered; here it can."
APART = "Two questions shared their answer; here each has its own."
GONE = "Its question is not there."
NO_PLACE = "There is no such property here."

_SHAPES = ("FillColor", "StrokeColor", "StrokeWidth")
_PLACES: dict[str, tuple[str, ...]] = {
    LOOKS: (
        *(f"{state}{part}" for state in ("idle", "hover", "selected") for part in _SHAPES),
        *("titleLocation", "descriptionLocation", "startWithNewLine", "width", "minWidth", "maxWidth", "indent"),
        *("rightIndent", "innerIndent", "colCount", "columnColCount", "columnMinWidth", "rowTitleWidth", "state"),
        *("placeholder", "placeHolder", "showNumber", "hideNumber", "showQuestionNumbers", "questionStartIndex"),
        *("rateType", "rateColorMode", "scaleColorMode", "rateDescriptionLocation", "renderAs", "displayMode"),
        *("displayRateDescriptionsAsExtremeItems", "imageWidth", "imageHeight", "imageFit", "contentMode", "imageLink"),
        *("showLabel", "searchEnabled", "searchMode", "allowClear", "closeOnSelect", "hideSelectedItems", "autoGrow"),
        *("allowResize", "alternateRows", "showHeader", "columnLayout", "transposeData", "verticalAlign"),
        *("horizontalScroll", "errorLocation", "itemTitleWidth", "swapOrder", "separateSpecialChoices", "colSpan"),
        *(
            "questionTitleLocation",
            "questionTitleWidth",
            "displayStyle",
            "currency",
            "format",
            "precision",
            "cssClasses",
        ),
        *("maximumFractionDigits", "minimumFractionDigits", "useGrouping", "useTitleAsLabel", "dataList", "size"),
        *("autocomplete", "textUpdateMode", "itemSize", "selectToRankAreasLayout", "selectToRankSwapAreas", "longTap"),
        *("selectToRankEmptyRankedAreaText", "selectToRankEmptyUnrankedAreaText", "otherPlaceholder", "showTitle"),
        *("commentPlaceholder", "textWrapEnabled", "itemComponent", "titleActions", "page", "displayRateDescriptions"),
        *(
            "singleInputTitleTemplate",
            "allowAdaptiveActions",
            "navigationTitle",
            "navigationDescription",
            "customLabels",
        ),
        *(
            "labelFormat",
            "labelCount",
            "tooltipVisibility",
            "showLabels",
            "titleWidth",
            "maxErrorText",
            "showInMultipleColumns",
            "totalDisplayStyle",
            "gridLayoutColumns",
            "selectToRankEnabled",
            "minErrorText",
        ),
        *(
            "showOptionsCaption",
            "optionsCaption",
            "useDisplayValuesInDynamicTexts",
            "itemErrorLocation",
            "readonlyRenderAs",
        ),
    ),
    VALUES: (
        *("defaultValue", "defaultValueExpression", "setValueIf", "setValueExpression", "resetValueIf", "bindings"),
        *("defaultRowValue", "defaultPanelValue", "copyDefaultValueFromLastEntry", "clearIfInvisible", "value"),
        *("defaultValueFromLastRow", "defaultValueFromLastPanel", "defaultDisplayValue", "storeOthersAsComment"),
    ),
    SCORES: ("correctAnswer", "score", "points"),
    TIME: ("timeLimit", "maxTimeToFinish"),
    LISTS: (
        *("choicesByUrl", "choicesLazyLoadEnabled", "choicesLazyLoadPageSize", "showSelectAllItem", "hasSelectAll"),
        *("selectAllText", "hideIfChoicesEmpty", "hideIfRowsEmpty", "valuePropertyName", "allowCustomChoices"),
        *("createCustomChoiceText", "choiceValuesFromQuestion", "choiceTextsFromQuestion", "otherErrorText"),
        *(
            "choicesFromQuestion",
            "choicesFromQuestionMode",
            "autoGenerate",
        ),
    ),
    REPEATS: (
        *("allowAddRows", "allowRemoveRows", "allowAddPanel", "allowRemovePanel", "addRowText", "removeRowText"),
        *("addPanelText", "removePanelText", "panelAddText", "panelRemoveText", "confirmDelete", "confirmDeleteText"),
        *("noEntriesText", "noRowsText", "panelsState", "newPanelPosition"),
        *("addRowButtonLocation", "addRowLocation", "removePanelButtonLocation", "allowRowReorder", "detailPanelMode"),
        *("allowRowsDragAndDrop", "detailPanelShowOnAdding", "templateDescription", "templateTabTitle", "tabAlign"),
        *("hideColumnsIfEmpty", "totalText", "totalType", "totalExpression", "totalFormat", "showProgressBar"),
        *("progressBarLocation", "renderMode", "templateQuestionTitleLocation", "tabTitlePlaceholder", "panelCount"),
    ),
    MASKS: ("maskType", "maskSettings"),
    CHECKS: ("keyName", "keyDuplicationError", "eachRowUnique"),
    CELLS: ("cells",),
    ALWAYS: ("readOnly", "readonly"),
    APART: ("valueName",),
}
_REASONS = {name: reason for reason, names in _PLACES.items() for name in names}
_STRUCTURE = {
    *("type", "name", "elements", "questions", "templateElements", "detailElements", "choices", "columns", "rows"),
    *("items", "validators", "rateValues", "areas", "title", "description", "html"),
}
"""What has entries of its own."""


def rest_of_properties(conversion: Conversion, element: Element, is_gone: bool = False) -> None:
    """Tells of every property that was not told of yet. `is_gone`: its question was not taken."""
    for key, value in element.data.items():
        if key in _STRUCTURE or (element.where, key) in conversion.told:
            continue
        outcome, message = _fate(key, value, key in element.used and not is_gone)
        message = GONE if is_gone and message == NO_PLACE else message
        conversion.property(element, key, outcome, message)


def _fate(key: str, value: Any, is_used: bool) -> tuple[Outcome, str]:
    """Properties that say nothing are kept, and so are those that a type has read."""
    if key in ("defaultValue", "correctAnswer", "valueName", "choicesByUrl") and value not in (None, "", {}, []):
        return "dropped", _REASONS[key]
    if is_used or value in (None, "", False, [], {}, "default"):
        return "kept", ""
    return "dropped", _REASONS.get(key, NO_PLACE)
