"""Charts drawn on the server as SVG: the same drawing on the page, on paper and in PDF files.

Every chart carries its own words and its own table.  What was not measured is a gap and is
called «mangler»; zero is zero.
"""

from core.charts.bars import bars, stacked_bars
from core.charts.chart import Chart, Series
from core.charts.lines import line, sparkline
from core.charts.matrix import Axis, Entry, matrix
from core.charts.timeline import Milestone, Span, timeline

__all__ = [
    "Axis",
    "Chart",
    "Entry",
    "Milestone",
    "Series",
    "Span",
    "bars",
    "line",
    "matrix",
    "sparkline",
    "stacked_bars",
    "timeline",
]
