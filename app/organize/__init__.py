"""The organizers' pages: surveys and jobs at a glance, publishing, waves, people and what they did."""

from flask import Blueprint

from app.extensions import csrf

from . import (
    audit,
    changing_waves,
    contacts,
    designing,
    imported,
    jobs,
    mailings,
    monitor,
    overview,
    people,
    quotas,
    returned,
    survey,
    upload,
    versions,
    wave,
    waves,
)

blueprint = Blueprint("organize", __name__, template_folder="templates")
# These check their own token, after they have allowed a larger body, and without losing what came with a stale one.
csrf.exempt(upload.upload)
csrf.exempt(imported.imported)
csrf.exempt(designing.starting.source)
csrf.exempt(contacts.contacts)
csrf.exempt(returned.returned)

blueprint.add_url_rule("/organize", view_func=overview.overview)
blueprint.add_url_rule("/organize/jobs", view_func=jobs.jobs)
blueprint.add_url_rule("/organize/jobs/<job>/run", view_func=jobs.run_job, methods=["POST"])
blueprint.add_url_rule("/organize/people", view_func=people.people)
blueprint.add_url_rule("/organize/people/invite", view_func=people.invite, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/people/<int:account_id>", view_func=people.person, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/audit", view_func=audit.audit)
blueprint.add_url_rule("/organize/audit.csv", view_func=audit.audit_file)
blueprint.add_url_rule("/organize/upload", view_func=upload.upload, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/import", view_func=imported.imported, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/surveys/<key>", view_func=survey.survey)
blueprint.add_url_rule("/organize/surveys/<key>/versions/<version>", view_func=versions.version)
blueprint.add_url_rule("/organize/surveys/<key>/versions/<version>.yaml", view_func=versions.version_file)
blueprint.add_url_rule("/organize/surveys/<key>/versions/<version>.xlsx", view_func=versions.version_workbook)
blueprint.add_url_rule("/organize/surveys/<key>/compare", view_func=versions.compare_versions)
blueprint.add_url_rule("/organize/surveys/<key>/open", view_func=waves.open_wave, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/surveys/<key>/waves/<wave>", view_func=wave.wave)
blueprint.add_url_rule("/organize/surveys/<key>/waves/<wave>/monitor", view_func=monitor.monitor)
blueprint.add_url_rule("/organize/surveys/<key>/waves/<wave>/monitor/<table_name>.csv", view_func=monitor.monitor_file)
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<wave>/change", view_func=changing_waves.change_wave, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<wave>/contacts", view_func=contacts.contacts, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<wave>/returned", view_func=returned.returned, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<wave>/mails/<kind>", view_func=mailings.mailing, methods=["GET", "POST"]
)
blueprint.add_url_rule("/organize/surveys/<key>/waves/<wave>/quotas", view_func=quotas.quotas, methods=["GET", "POST"])
blueprint.add_url_rule("/organize/surveys/<key>/waves/<wave>/doubtful", view_func=wave.doubtful, methods=["POST"])
blueprint.add_url_rule(
    "/organize/surveys/<key>/waves/<path:wave>/close", view_func=waves.close_wave, methods=["GET", "POST"]
)
designing.add_rules(blueprint)
