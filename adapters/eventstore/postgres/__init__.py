"""The event log on a PostgreSQL server, which several processes may share. Needs the ``postgres`` extra."""
