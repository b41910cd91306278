"""What templates of the portfolio may ask."""
