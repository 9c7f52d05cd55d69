"""The organizers' pages: surveys and jobs at a glance, publishing, waves. For the role organizer only."""

from flask import Blueprint

from app.extensions import csrf

from . import overview, survey, upload, waves

blueprint = Blueprint("organize", __name__, template_folder="templates")
# Checks its own token, after it has allowed a larger body, and without losing the text that came with a stale one.
csrf.exempt(upload.upload)

blueprint.add_url_rule("/organize", view_func=overview.overview)
blueprint.add_url_rule("/organize/upload", view_func=upload.upload, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/surveys/<key>", view_func=survey.survey)
blueprint.add_url_rule("/organize/surveys/<key>/versions/<version>.yaml", view_func=survey.version_file)
blueprint.add_url_rule("/organize/surveys/<key>/open", view_func=waves.open_wave, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<path:wave>/close", view_func=waves.close_wave, methods=["GET", "POST"]
)
