"""One Celery application everywhere."""

from __future__ import annotations

import logging

from django.conf import settings

import config
from config.celery import app


def test_application_is_found_by_name():
    """``celery -A config`` and every ``shared_task`` find it here."""
    assert config.celery_app is app
    assert app.main == "stafett"


def test_application_reads_the_settings():
    assert app.conf.broker_url == settings.CELERY_BROKER_URL
    assert app.conf.task_acks_late is True
    assert app.conf.beat_scheduler == "django_celery_beat.schedulers:DatabaseScheduler"


def test_application_leaves_the_logging_alone():
    """Celery's own logging would write what ours masks."""
    handlers = logging.getLogger().handlers[:]

    app.log.setup(loglevel="DEBUG", logfile=None, redirect_stdouts=False)

    assert logging.getLogger().handlers == handlers
