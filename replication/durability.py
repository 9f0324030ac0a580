"""How many must be deaf and how many must be heard, for k acknowledgements of n; pure.

A commit returns once *acks* of the registered ackers have received it: *k* of *n*.
`meets_every_ack` is the one question behind FREEZE, proof (b), VERIFY and the
vetoes about ackers. It asks for a set *some* of the registered *all*:

    fewer than k of *all* are outside *some*.

Proof, both ways. If fewer than k are outside, every set of k has a member inside.
If k or more are outside, they are a set of k without one. So it holds exactly when
*some* meets every set of ackers that may ever let a commit return. Two uses:

- *some* is frozen. From then on at most the others, fewer than k, receive what is
  new: no new commit of the old primary returns (proof (b), DESIGN §6).
- *some* was frozen, then read, and each is the process that is on record, which
  threw nothing away. Whatever was acknowledged, one of *some* received it, also
  when its last acknowledgement came from outside a moment later. A candidate that
  executed all that *some* received and executed lacks nothing acknowledged.

The least such set has n - k + 1 members: with k = 1 it is all of them, so one that
is silent is a veto; with k = n any one will do.

Every registered acker counts as able to acknowledge, in whatever zone: a server
does not ask where an acknowledgement comes from. A rule about zones (`may_enlist`)
is kept by not registering, never by not freezing. And k is the least that commits
may have waited for since the writes in question, not what is wished for.
"""

from collections.abc import Collection
from typing import TypeVar

from controller.model.ids import ZoneId

T = TypeVar("T")


def meets_every_ack(all_: Collection[T], some: Collection[T], acks: int) -> bool:
    """Tell whether every possible set of *acks* ackers of *all_* has one of *some*.

    With fewer than one required acknowledgement a commit returns without any, and
    nothing meets the empty set.
    """
    outside = set(all_).difference(some)
    return len(outside) < acks


def least_met(registered: int, acks: int) -> int:
    """Return how many of *registered* ackers always meet every set of *acks*."""
    return max(registered - acks + 1, 0)


def may_enlist(primary: ZoneId, acker: ZoneId, *, cross_zone: bool) -> bool:
    """Tell whether a server in zone *acker* may acknowledge for zone *primary*.

    cross_zone: what is acknowledged is to survive the loss of the primary's zone,
        so a copy beside it in the same zone is none.
    """
    return not cross_zone or primary != acker
