"""`python -m coteja`."""

from coteja.cli import main

if __name__ == "__main__":
    main()
