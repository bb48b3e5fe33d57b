"""Renders while everything that makes them is killed, paused, filled and damaged."""
