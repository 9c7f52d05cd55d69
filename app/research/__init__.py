"""research."""

from flask import Blueprint

blueprint = Blueprint("research", __name__)
