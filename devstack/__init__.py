"""Starts the servers that ``./run`` and ``./test`` need. Production never imports this."""
