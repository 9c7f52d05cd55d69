"""Accounts of organizers and researchers: signing in and out, and what each role may open. Respondents have none."""

from flask import Blueprint

from app.extensions import login

from . import account, signing, throttle

login.session_protection = "basic"
login.user_loader(account.load)

blueprint = Blueprint("accounts", __name__, template_folder="templates")

sign_in = throttle.limited(signing.sign_in)
blueprint.add_url_rule("/sign-in", view_func=sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/sign-out", view_func=signing.sign_out, methods=["POST"])
