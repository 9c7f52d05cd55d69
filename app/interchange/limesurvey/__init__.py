"""Surveys of LimeSurvey, as its export of a survey's structure (.lss) holds them."""

from .reader import read_lss as read_lss
