"""Fault campaigns: what the log and the server promise, tried against every kind of failure, from a printed seed.

Each campaign is a function in a file of its own, listed in ``catalogue``. ``bugs`` has bugs that they must catch.
"""
