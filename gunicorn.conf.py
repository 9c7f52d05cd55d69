"""The web server: two processes of four threads, and no log line that holds a respondent's address."""

import logging
import os
import re
from typing import Any

ADDRESS = re.compile(r"\bip=\S+")


class WithoutAddresses(logging.Filter):
    """Gunicorn names the sender of a malformed request in its error log; no respondent may be found there."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = ADDRESS.sub("ip=-", record.getMessage()), ()
        return True


def on_starting(server: Any) -> None:
    server.log.error_log.addFilter(WithoutAddresses())


wsgi_app = "app:create_app()"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = 2
threads = 4
accesslog = None
loglevel = "warning"
# serve.py kills what has not ended after six seconds; requests under way get four of them.
graceful_timeout = 4
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    from app.memory import settle

    settle()
