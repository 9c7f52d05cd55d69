"""Accounts of all who work on surveys: signing in and out, and what each role may open. Respondents have none."""

from flask import Blueprint

from app.extensions import login

from . import account, own, recovering, signing
from .throttle import limited

login.session_protection = "basic"
login.user_loader(account.load)

blueprint = Blueprint("accounts", __name__, template_folder="templates")

_BOTH = ["GET", "POST"]
sign_in = limited(signing.sign_in, signing.typed_account, signing.throttled)
second_step = limited(signing.second_step, signing.waiting_account, signing.throttled_code)
forgotten = limited(recovering.forgotten, signing.typed_account, recovering.throttled)
confirm = limited(own.confirm, own.whose, own.throttled)

blueprint.add_url_rule("/sign-in", view_func=sign_in, methods=_BOTH)
blueprint.add_url_rule("/sign-in/code", view_func=second_step, methods=_BOTH)
blueprint.add_url_rule("/sign-out", view_func=signing.sign_out, methods=["POST"])
blueprint.add_url_rule("/password", view_func=forgotten, methods=_BOTH)
blueprint.add_url_rule("/password/<token>", view_func=recovering.set_password, methods=_BOTH)
blueprint.add_url_rule("/account", view_func=own.own)
blueprint.add_url_rule("/account/language", "language", own.choose_language, methods=["POST"])
blueprint.add_url_rule("/account/sign-out", view_func=own.end_sessions, methods=["POST"])
blueprint.add_url_rule("/account/confirm", view_func=confirm, methods=_BOTH)
blueprint.add_url_rule("/account/password", view_func=own.password, methods=_BOTH)
blueprint.add_url_rule("/account/second-factor", "second_factor", own.second_factor_page, methods=_BOTH)
blueprint.add_url_rule("/account/recovery-codes", view_func=own.recovery_codes, methods=_BOTH)
blueprint.add_url_rule("/account/second-factor/remove", view_func=own.remove_second_factor, methods=_BOTH)
