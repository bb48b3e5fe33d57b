"""Views of the log in SQLite: one file for each projection, kept up, rebuilt, compared and asked."""
