"""What the world reports, read: one folder for each source."""
