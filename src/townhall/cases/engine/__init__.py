"""The pure part of casework: how a due date comes about, who an anonymous subject is,
and what stands in a letter. No Django, no clock, no random source, no network."""
