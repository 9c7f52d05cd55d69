"""Alliance Barometer: a survey and tracking platform for the U.S.-Japan alliance."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.incoming import Request, Response
from app.sessions import Sessions
from config import Settings, SettingsError, load_settings

# What is solved here are many small systems: on several processors these wait for each other longer than they compute,
# and what is published of a period with revisions cost ten times the time of the processor. Read when numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Site(Flask):
    """Flask's application, but that it need not ask of every function whether it is asynchronous: none is."""

    request_class = Request
    response_class = Response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings of the environment unless others are given."""
    if settings is None:
        try:
            settings = load_settings()
        except SettingsError as error:
            raise SystemExit(f"The settings in the environment cannot be used.\n{error}") from None
    app = Site(__name__)
    app.config.from_mapping(settings.flask_config())
    app.extensions["settings"] = settings
    app.session_interface = Sessions()
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    _open_doors(app)
    _bind_extensions(app)
    _register_pages(app)
    _register_commands(app)
    return app


def _open_doors(app: Flask) -> None:
    """What looks at a request first: which language to answer in, and whether to let it in."""
    from app import language
    from app.accounts import access

    language.register(app)
    access.register(app)


def _bind_extensions(app: Flask) -> None:
    from app import extensions, language
    from app.storage.base import tune

    extensions.db.init_app(app)
    with app.app_context():
        tune(extensions.db.engine)
    extensions.migrate.init_app(app, extensions.db, directory="migrations", render_as_batch=True, compare_type=True)
    extensions.csrf.init_app(app)
    _bind_to_accounts(app, extensions.limiter.init_app)
    _bind_to_accounts(app, extensions.login.init_app)
    extensions.babel.init_app(app, locale_selector=language.select)


def _bind_to_accounts(app: Flask, bind: Callable[[Flask], None]) -> None:
    """Binds an extension whose hooks concern signing in and out only. Views with a limit ask the limiter themselves."""
    hooks: tuple[dict[Any, list[Any]], ...] = (app.after_request_funcs, app.teardown_request_funcs)
    before = [list(hook.get(None, [])) for hook in (app.before_request_funcs, *hooks)]
    bind(app)
    app.before_request_funcs[None] = before[0]
    for hook, functions in zip(hooks, before[1:], strict=True):
        hook.setdefault("accounts", []).extend(hook[None][len(functions) :])
        hook[None] = functions


def _register_pages(app: Flask) -> None:
    from app import accounts, assets, health, organize, protection, research, respond, track, translation
    from app.accounts import kept

    app.jinja_env.globals.update(_=translation.translate, gettext=translation.translate, asset=assets.asset)
    protection.register(app)
    kept.register(app)
    for room in (health, accounts, track, respond, organize, research):
        app.register_blueprint(room.blueprint)


def _register_commands(app: Flask) -> None:
    from app import commands

    commands.register(app)
