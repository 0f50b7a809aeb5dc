"""Start the program: `feeds` and `python -m feeds`."""

from feeds.cli.main import main

if __name__ == "__main__":
    main()
