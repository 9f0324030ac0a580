"""The superset question before a promotion; pure.

Claim: a write was acknowledged only if as many registered ackers as commits wait
for received it, and the ackers compared here meet every such set
(`replication.durability`; with one required acknowledgement they are all of them).
They are frozen and drained, so what each ever received is what it has executed
now. If the candidate's executed set covers every received and executed set, it
holds every acknowledged write. The claim fails for an acker that restarted
(it may have dropped what it received), so its boot id must be the one under
which it earned `protected`.
"""

from collections.abc import Callable, Mapping

from controller.model.commands import Acker, Verify
from controller.model.ids import ServerId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused, Unknown
from replication.durability import meets_every_ack
from replication.gtid import without
from replication.ports import Receiving, ServerView

Covers = Callable[[str, str], bool]
"""Tell whether the first GTID text contains the second, in one engine's notation."""


def verify(
    order: Verify, views: Mapping[ServerId, ServerView | NotSeen], covers: Covers
) -> Outcome:
    """Return `Done` when the candidate may be promoted without losing a write."""
    candidate, ackers, own = order.candidate, order.ackers, dict(order.errant)
    if not meets_every_ack((*ackers, *order.apart), ackers, order.acked_by):
        names = ", ".join(a.server for a in order.apart)
        return Refused(f"{names} may hold acknowledged writes and is not compared")
    seen: dict[ServerId, ServerView] = {}
    for server, view in views.items():
        if isinstance(view, NotSeen):
            return Unknown(f"{server} did not answer: {view.reason}")
        seen[server] = view
    problems = [p for a in ackers for p in _problems(a, seen[a.server])]
    if problems:
        return Refused("; ".join(problems))
    mine = seen[candidate].executed
    for acker in ackers:
        view = seen[acker.server]
        for name, theirs in (("received", view.received), ("executed", view.executed)):
            if not covers(mine, without(theirs, own.get(acker.server, ""))):
                return Refused(
                    f"{candidate} executed {mine} which lacks what {acker.server}"
                    f" {name}: {theirs}"
                )
    return Done({"executed": mine, "boot_id": seen[candidate].boot_id})


def _problems(acker: Acker, view: ServerView) -> list[str]:
    problems = []
    if view.receiving in {Receiving.YES, Receiving.CONNECTING}:
        problems.append(f"{acker.server} receives again")
    if acker.boot_id and view.boot_id != acker.boot_id:
        problems.append(
            f"{acker.server} restarted ({acker.boot_id} then {view.boot_id}): it may"
            " have lost what it acknowledged"
        )
    return problems
