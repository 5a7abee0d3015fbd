"""What lies in a cluster's data directory: its layout, its lock, its keys and what it remembers."""
