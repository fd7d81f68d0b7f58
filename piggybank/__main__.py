"""The `piggybank` command, and `python -m piggybank`: Ctrl-C ends both quietly from here on, while Python still imports
the rest."""


def main() -> int:
    """Run the command; gives the exit code, as `piggybank.app.cli.main` does."""
    try:
        from piggybank.app.cli import main as command

        return command()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
