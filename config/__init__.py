"""The installation: settings, addresses and the Celery application.

Celery is imported here, so that tasks find their application in every process.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
