"""``python -m tutor`` is the ``llm-tutor`` command."""

from tutor.cli import main

raise SystemExit(main())
