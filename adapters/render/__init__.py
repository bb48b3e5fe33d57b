"""Making films: a coordinator led by the log, executors in processes of their own, a store of finished units."""
