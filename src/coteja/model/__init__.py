"""Plain, typed, immutable data that every stage shares; imports nothing of ours but itself."""
