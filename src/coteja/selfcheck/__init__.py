"""The student's own look: the public checks alone, in their own notebook or from the command line."""
