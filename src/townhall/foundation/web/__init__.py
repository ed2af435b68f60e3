"""What every request passes through, whichever room answers it.

In the order of the middleware: `access` gives the request its id and writes one
line about it, `headers` sets what a browser must be told (CSP with a nonce,
no-store for what is private), `inputs` refuses what no room could store,
`language` decides what is spoken. `errors` answers failures in the form that the
caller reads, `probes` tells machines how the house is.
"""
