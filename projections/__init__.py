"""Facts -> read shapes: deterministic and rebuildable."""
