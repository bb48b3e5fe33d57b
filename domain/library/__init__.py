"""The library: which media files there are, what is in them, and what became of them."""
