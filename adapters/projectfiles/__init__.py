"""Projects as files for people, agents and version control: written from the log, never read back by the editor."""
