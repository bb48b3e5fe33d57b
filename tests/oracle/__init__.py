"""Sources that name themselves, a reader that says what a film shows, and a model of what it should show.

The rules are written here a second time, from the design and in exact fractions; only ``render`` calls the planner.
"""
