"""Media files and fonts on this machine's disks: opened safely, read exactly, found by scanning."""
