"""Tracking: support for every action, its trend, and how the figures are made. Reads estimates only."""

from flask import Blueprint

from . import agenda, methods, overview, trends, words

blueprint = Blueprint("track", __name__, template_folder="templates")
blueprint.add_app_template_filter(words.share_interval, "share_interval")

blueprint.add_url_rule("/", view_func=overview.overview)
blueprint.add_url_rule("/measures/<code>", view_func=agenda.measure)
blueprint.add_url_rule("/agenda/<int:number>", view_func=agenda.question, endpoint="agenda")
blueprint.add_url_rule("/methods/<survey>", view_func=methods.methods)
blueprint.add_url_rule("/trends/<survey>", view_func=trends.questions)
blueprint.add_url_rule("/trends/<survey>/<question>", view_func=trends.trend)
blueprint.add_url_rule("/trends/<survey>/<question>.csv", view_func=trends.as_csv)
blueprint.add_url_rule("/trends/<survey>/<question>.json", view_func=trends.as_json)
blueprint.add_url_rule("/trends/<survey>/<question>.svg", view_func=trends.as_svg)
