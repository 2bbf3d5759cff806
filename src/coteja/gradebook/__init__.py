"""The gradebook: what was run, what the checks found and what people marked, appended to an SQL database."""
