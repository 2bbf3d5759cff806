"""How the gradebook's tables came to be: one module a revision, run by Alembic from within the program."""
