"""Answering: the pages of a respondent. No account, no script, nothing stored that identifies a person."""

from flask import Blueprint

from app.extensions import csrf

from . import answering, choosing, closing, inviting, place, quotas, withdrawing

blueprint = Blueprint("respond", __name__, template_folder="templates")
# These views check the form token themselves, so that a stale one loses nothing that was typed.
csrf.exempt(blueprint)
blueprint.after_request(place.keep)

blueprint.add_url_rule("/s", view_func=choosing.surveys_open)
blueprint.add_url_rule("/s/<survey>", view_func=answering.first_screen, methods=["GET", "POST"])
blueprint.add_url_rule("/s/<survey>/page/<name>", view_func=answering.screen, methods=["GET", "POST"])
blueprint.add_url_rule("/s/<survey>/ended/<int:number>", view_func=answering.ended)
blueprint.add_url_rule("/s/<survey>/full", view_func=quotas.full)
blueprint.add_url_rule("/s/<survey>/another", view_func=closing.another, methods=["POST"])
blueprint.add_url_rule("/s/<survey>/check", view_func=closing.check, methods=["GET", "POST"])
blueprint.add_url_rule("/s/<survey>/receipt", view_func=closing.receipt)
blueprint.add_url_rule("/s/<survey>/later", view_func=closing.later, methods=["GET", "POST"])
blueprint.add_url_rule("/s/<survey>/resume/<token>", view_func=closing.resume)
blueprint.add_url_rule("/s/<survey>/invited/<token>", view_func=inviting.invited)
blueprint.add_url_rule("/s/<survey>/no-mail/<token>", view_func=inviting.no_mail, methods=["GET", "POST"])
blueprint.add_url_rule("/withdraw", view_func=withdrawing.withdraw, methods=["GET", "POST"])
