"""Alliance Barometer: a survey and tracking platform for the U.S.-Japan alliance."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings, SettingsError, load_settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings of the environment unless others are given."""
    if settings is None:
        try:
            settings = load_settings()
        except SettingsError as error:
            raise SystemExit(f"The settings in the environment cannot be used.\n{error}") from None
    app = Flask(__name__)
    app.config.from_mapping(settings.flask_config())
    app.extensions["settings"] = settings
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    _bind_extensions(app)
    _register_pages(app)
    _register_commands(app)
    return app


def _bind_extensions(app: Flask) -> None:
    from app import extensions, language
    from app.storage.base import tune

    extensions.db.init_app(app)
    with app.app_context():
        tune(extensions.db.engine)
    extensions.migrate.init_app(app, extensions.db, directory="migrations", render_as_batch=True, compare_type=True)
    extensions.csrf.init_app(app)
    _limit_where_declared(app, extensions.limiter)
    extensions.login.init_app(app)
    extensions.babel.init_app(app, locale_selector=language.select)


def _limit_where_declared(app: Flask, limiter: Limiter) -> None:
    """Binds the limiter without its look at every request: views with a limit look for themselves."""
    before = list(app.before_request_funcs.get(None, []))
    limiter.init_app(app)
    app.before_request_funcs[None] = before


def _register_pages(app: Flask) -> None:
    from app import accounts, assets, health, language, organize, protection, research, respond, track, translation

    language.register(app)
    app.jinja_env.globals.update(_=translation.translate, gettext=translation.translate, asset=assets.asset)
    protection.register(app)
    for room in (health, accounts, track, respond, organize, research):
        app.register_blueprint(room.blueprint)


def _register_commands(app: Flask) -> None:
    from app import cli

    for group in cli.GROUPS:
        app.cli.add_command(group)
