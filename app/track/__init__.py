"""track."""

from flask import Blueprint

blueprint = Blueprint("track", __name__)
