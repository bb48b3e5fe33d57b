"""Pictures made of pictures, to look at."""
