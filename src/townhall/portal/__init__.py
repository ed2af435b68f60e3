"""Portal: the front door for residents, and the look that every page of the house shares.

Promises
--------
* Every page works without script. htmx only saves a page load; the server renders
  the same template, whole or its main part, and says `Vary: HX-Request`.
* Pages call `operations` of other rooms and nothing else. What a person may see
  or do is decided there; a page only words it.
* Addresses carry nothing personal. Answers travel in the body of a form, facts
  from registers not at all.
* A page that cannot be shown says what happened and what to do next (`pages/errors.py`).
* One set of components (`templates/portal/components/`), looked at as a whole on
  `/design` and checked there with axe in both colour schemes and both directions.

Where to start
--------------
`urls.py` is the list of pages. `pages/` has one file a subject; `fields.py` turns a datum
into a question on a page, `words.py` turns what operations return into rows and sentences.
`context.py` is what the frame of every page knows, `assets.py` finds built files.
`templates/portal/base.html` is the frame. The sources of styles and scripts are in
`frontend/` at the top of the repository; their built output lies in `static/portal/`.
"""
