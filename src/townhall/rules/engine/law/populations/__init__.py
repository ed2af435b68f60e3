"""Many households at once: columns of NumPy, machine code, and SQL over the same plan.

Nothing here is imported before somebody asks for it: NumPy and its like are slow to load.
"""
