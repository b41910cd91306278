"""Play the demo content through the operations and workflows of the house, with the dates of the story.

Nothing is written past the kernel, so what the demo shows is what the product does.
"""
