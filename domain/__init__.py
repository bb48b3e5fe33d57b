"""What may happen: commands, facts and decisions. No input or output, no clock, no randomness."""
