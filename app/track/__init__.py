"""Tracking: support for every action, its trend, and how the figures are made. Reads estimates only."""

from flask import Blueprint

from . import agenda, apart, gaps, ground, methods, overview, published, revisions, trends, words

blueprint = Blueprint("track", __name__, template_folder="templates")
blueprint.add_app_template_filter(words.share_interval, "share_interval")

blueprint.add_url_rule("/", view_func=overview.overview)
blueprint.add_url_rule("/measures/<code>", view_func=agenda.measure)
blueprint.add_url_rule("/agenda/<int:number>", view_func=agenda.question, endpoint="agenda")
blueprint.add_url_rule("/common-ground", view_func=ground.page, endpoint="common_ground")
blueprint.add_url_rule("/common-ground.csv", view_func=ground.as_csv, endpoint="common_ground_csv")
blueprint.add_url_rule("/common-ground.json", view_func=ground.as_json, endpoint="common_ground_json")
blueprint.add_url_rule("/gaps", view_func=gaps.page, endpoint="gaps")
blueprint.add_url_rule("/gaps.csv", view_func=gaps.as_csv, endpoint="gaps_csv")
blueprint.add_url_rule("/gaps.json", view_func=gaps.as_json, endpoint="gaps_json")
blueprint.add_url_rule("/published", view_func=published.page, endpoint="published")
blueprint.add_url_rule("/published.csv", view_func=published.as_csv, endpoint="published_csv")
blueprint.add_url_rule("/published.json", view_func=published.as_json, endpoint="published_json")
blueprint.add_url_rule("/methods/<survey>", view_func=methods.methods)
blueprint.add_url_rule("/revisions/<survey>", view_func=revisions.page, endpoint="revisions")
blueprint.add_url_rule("/revisions/<survey>.csv", view_func=revisions.as_csv, endpoint="revisions_csv")
blueprint.add_url_rule("/revisions/<survey>.json", view_func=revisions.as_json, endpoint="revisions_json")
blueprint.add_url_rule("/trends/<survey>", view_func=trends.questions)
blueprint.add_url_rule("/trends/<survey>/<question>", view_func=trends.trend)
blueprint.add_url_rule("/trends/<survey>/<question>.csv", view_func=trends.as_csv)
blueprint.add_url_rule("/trends/<survey>/<question>.json", view_func=trends.as_json)
blueprint.add_url_rule(
    "/trends/<survey>/<question>/differences.csv", view_func=apart.as_csv, endpoint="differences_csv"
)
blueprint.add_url_rule(
    "/trends/<survey>/<question>/differences.json", view_func=apart.as_json, endpoint="differences_json"
)
blueprint.add_url_rule("/trends/<survey>/<question>.svg", view_func=trends.as_svg)
blueprint.add_url_rule("/trends/<survey>/<question>.png", view_func=trends.as_png)
