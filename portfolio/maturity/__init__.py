"""The municipality's own judgement of how well it is set up to manage its portfolio."""
