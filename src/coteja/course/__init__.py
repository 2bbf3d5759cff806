"""Reads a course from disk: course.toml, assignment.toml, notebook.py, graders and reference by path."""
