"""The very first start: who is primary is read from reality, and must agree."""

from controller.decide.facts import Facts, Policy, is_seen
from controller.model.commands import Member
from health.detector import Verdict


def adopt(facts: Facts, policy: Policy, configured: Member) -> Member | str:
    """Return the primary to adopt, or why none can be.

    Exactly one server may be writable, and it must be the configured one; every
    other server must have answered, or be known to be down or never set up.
    """
    writable = [
        f.member
        for f in facts.servers.values()
        if is_seen(f, policy) and f.view is not None and f.view.writable
    ]
    unasked = [
        s for s, f in facts.servers.items() if f.reading.verdict is Verdict.UNDECIDED
    ]
    if unasked:
        return f"waiting for a first answer from {', '.join(sorted(unasked))}"
    if len(writable) > 1:
        names = ", ".join(sorted(m.server for m in writable))
        return f"{names} are all writable: end all but one by hand first"
    if not writable:
        return f"no server is writable: open {configured.server} by hand once"
    if writable[0] != configured:
        return (
            f"{writable[0].server} is writable but the configuration says"
            f" `primary: {configured.zone}`: correct the one that is wrong"
        )
    return configured
