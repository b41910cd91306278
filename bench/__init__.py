"""Fill databases with many records and measure the pages, the API and the queries on them.

``python -m bench --help`` tells how.  Never part of an installation.
"""
