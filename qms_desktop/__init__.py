"""QMS Desktop: customer complaints and returned goods, from the first call to the closed 8D."""

VERSION = "0.1.0"
