"""The account pages: in (`entry`), demo sign-in (`demo`), and one's own account (`own`).

They stand below `/account/`. Where allauth has a view it is used, with its
name, so that its own redirects lead here; its templates are replaced by ours.
"""
