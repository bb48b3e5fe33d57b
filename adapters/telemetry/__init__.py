"""What the program says about itself: logs and metrics."""
