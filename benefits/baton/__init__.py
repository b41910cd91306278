"""The baton: plans are handed over to the line, and a regional plan to every municipality that takes part."""
