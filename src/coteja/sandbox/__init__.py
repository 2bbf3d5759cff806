"""What runs inside the sandboxed process: it imports the standard library and itself, nothing else."""
