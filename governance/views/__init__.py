"""Pages of governance: load through ``visible_to``, one domain call, redirect or render."""
