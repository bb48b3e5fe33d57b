"""How the coordinator and the executors reach each other: one port, NATS behind it or, in one process, memory."""
