"""Pages of the catalogue, for those who look after it in their municipality."""
