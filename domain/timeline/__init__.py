"""A project: what lies on its timeline, and how it came to lie there."""
