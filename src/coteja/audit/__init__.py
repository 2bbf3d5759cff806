"""How often a lab's checks are wrong: correct variants of its solution must pass, mutants of it must not."""
