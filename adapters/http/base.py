"""Where the routes are."""

BASE = "/api/v1"
