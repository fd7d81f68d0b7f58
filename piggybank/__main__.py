"""`python -m piggybank` is the `piggybank` command."""

from piggybank.app.cli import main

raise SystemExit(main())
