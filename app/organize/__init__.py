"""organize."""

from flask import Blueprint

blueprint = Blueprint("organize", __name__)
