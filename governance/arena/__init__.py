"""Meeting arenas of the professional groups: meetings outside the council, whose notes become initiatives."""
