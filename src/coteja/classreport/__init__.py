"""What an instructor reads about a class: its stored results as one report. No I/O, no clock."""
