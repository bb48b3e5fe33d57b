"""What films can be made as: presets, containers, encoders, and the words for FFmpeg that they come to."""
