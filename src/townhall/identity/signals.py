"""The hook by which upper rooms hear of a sign-in while its request is still running.

Sent with `request`, `acting` (who it is now) and `before` (who it was). It is
sent inside the request, not by a job: a draft started before the sign-in must
be there on the next page.
"""

from django.dispatch import Signal

signed_in = Signal()
