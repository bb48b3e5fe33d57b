"""The event log: one append-only SQLite file, and the eventsourcing library's recorders over it.

``PERSISTENCE_MODULE=adapters.eventstore`` finds :class:`LogFactory` here.
"""

from adapters.eventstore.factory import LogFactory

__all__ = ["LogFactory"]
