"""``python -m bosspick.cli``: the command line where no script is on the path."""

from bosspick.cli.main import main

if __name__ == "__main__":
    main()
