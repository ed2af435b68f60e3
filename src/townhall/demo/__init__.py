"""The demo: an invented borough, loaded as real data would be, and what happens in it.

Invented residents must never stand among real ones: outside of demo mode nothing
is loaded, and nothing happens. Start reading at `loading`.
"""
