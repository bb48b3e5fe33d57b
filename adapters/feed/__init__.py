"""The log for others: every fact as a CloudEvent, by pages or as it becomes durable, in one shape on every way out."""
