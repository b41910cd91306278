"""Pages of organization: load through ``visible_to``, one domain call, redirect or render."""
