"""The researchers' pages: what can be downloaded, and what is in it. For researchers and organizers."""

from flask import Blueprint

from . import pages

blueprint = Blueprint("research", __name__, template_folder="templates")

blueprint.add_url_rule("/research", view_func=pages.overview)
blueprint.add_url_rule("/research/<survey>/responses.csv", view_func=pages.responses_file)
blueprint.add_url_rule("/research/<survey>/codebook.csv", view_func=pages.codebook_file)
