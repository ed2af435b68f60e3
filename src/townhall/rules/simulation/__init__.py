"""A reform tried on a whole population: what it costs, who gains, who loses.

How it hangs together
---------------------
`loading` makes a population from a file: `sources` reads CSV or Parquet in
chunks, `mapping` says which column is which fact, `cells` turns texts into the
values of the law and notes what is wrong, row by row. A pack can invent a
population instead, to try things on. `changes` lays new rates over the law,
`comparing` runs the law as it is and as it would be over everybody with the
column back end, and `figures` says what that means; `definitions` says what
each figure is. `simulating` does all of it in order, for the command and for
the page.

Promises: a fact that a file lacks is taken at its usual value only where
somebody says so, and the results name it; a reform that changes nothing changes
no figure; what the groups gain adds up to what all gain; no result leaves this
room about one person.

Only `cells`, `loading`, `sources`, `comparing` and `figures` need NumPy: whoever
starts a web process imports the others.
"""
