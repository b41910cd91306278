"""Pages of whoever reports: the form, the receipt, own reports, following with a code, and the QR sheet."""

from deviations.views.report.filing import report_more, report_start, report_units
from deviations.views.report.following import report_follow
from deviations.views.report.own import my_reports, report_receipt, report_same
from deviations.views.report.sheet import report_qr, report_qr_units

__all__ = [
    "my_reports",
    "report_follow",
    "report_more",
    "report_qr",
    "report_qr_units",
    "report_receipt",
    "report_same",
    "report_start",
    "report_units",
]
