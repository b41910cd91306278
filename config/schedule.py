"""When the jobs run (Celery beat)."""

from __future__ import annotations

from celery.schedules import crontab

SCHEDULE = {
    "reminders": {"task": "core.give_reminders", "schedule": crontab(minute=10, hour="5-17")},
    "hearings": {"task": "governance.ask_again", "schedule": crontab(minute=0, hour="5-17")},
    "daily mail": {
        "task": "core.write_daily_mail",
        "schedule": crontab(minute=0, hour=7, day_of_week="mon-fri"),
    },
    "consultations": {"task": "organization.move_consultations", "schedule": crontab(minute=5)},
    "sweep api": {"task": "core.sweep_idempotency", "schedule": crontab(minute=40, hour=3)},
    "deliver mail": {"task": "core.deliver_mail", "schedule": 60.0},
    "sweep": {"task": "core.sweep", "schedule": crontab(minute=50, hour=3)},
    "retention": {"task": "deviations.forget", "schedule": crontab(minute=30, hour=2)},
    "counts": {"task": "deviations.sum_up_counts", "schedule": crontab(minute=50, hour=2)},
    "score": {"task": "benefits.count_marked", "schedule": crontab(minute="*/5")},
    "indicators": {"task": "benefits.compute_indicators", "schedule": crontab(minute=10, hour=4)},
    "leadership": {"task": "leadership.keep_numbers", "schedule": crontab(minute=20, hour=4)},
    "imports": {"task": "deviations.carry_out_imports", "schedule": 60.0},
    "ship": {"task": "archive.ship", "schedule": 120.0},
    "archive answers": {"task": "archive.receive", "schedule": 120.0},
    "archive exports": {"task": "archive.export", "schedule": 60.0},
    "archive reconciliation": {"task": "archive.reconcile", "schedule": crontab(minute=20, hour=5)},
    "reports": {"task": "portfolio.send_reports", "schedule": crontab(minute="*/10")},
    "duties": {"task": "deviations.watch_duties", "schedule": crontab(minute="*/10")},
}
