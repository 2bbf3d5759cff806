"""Results in the shapes that other platforms take. Each module knows one of them; none of them runs anything."""
