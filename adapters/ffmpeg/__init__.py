"""FFmpeg as a separate program: where it is, what it can do, and running it so that it always ends."""
