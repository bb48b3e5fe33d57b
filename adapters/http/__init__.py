"""The REST interface: requests parsed at the edge, use cases called, answers and refusals written."""
