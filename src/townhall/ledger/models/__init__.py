"""What the operator keeps beside the public log: the queue, the openings, the state of each log.

Nothing here is proof of anything. The proof lies in the files of the log, at the witnesses
and in the receipts of people; these tables only say what is to be appended, and hold what
a commitment can be opened with.
"""

from townhall.ledger.models.alarm import Alarm
from townhall.ledger.models.checkpoint import Checkpoint, Policy
from townhall.ledger.models.entry import Entry, Opening
from townhall.ledger.models.log import Log

__all__ = ["Alarm", "Checkpoint", "Entry", "Log", "Opening", "Policy"]
