"""Surveys of SurveyJS: the JSON that its Creator saves."""

from .reader import read_surveyjs as read_surveyjs
