"""`python -m townhall` is the command `townhall`."""

import sys

from townhall.cli import main

sys.exit(main())
