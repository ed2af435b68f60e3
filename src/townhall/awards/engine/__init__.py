"""The pure part of awards: periods, facts over time, and differences."""
