"""Which accepted proofs of fence could be had now, and why the others could not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from controller.decide.agents import SILENT_S, self_fence_prospect
from controller.decide.facts import Facts, Policy, Veto
from controller.decide.ledger import Ledger
from controller.model.commands import Member, Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One accepted proof: *why* it may hold (it is only asked when needed), or not."""

    proof: Proof
    possible: bool
    why: str


def _process(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[bool, str]:
    del ledger, facts
    if policy.process_hand:
        return True, "the process is ended by who runs it, if that answers"
    return False, "nobody is configured who runs the zones' processes"


def _acks_revoked(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[bool, str]:
    del facts, policy
    if ledger.durability.protected:
        return True, "protected: with every acker frozen nothing is acknowledged"
    return False, f"unprotected ({ledger.durability.why})"


def _sql(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[bool, str]:
    del ledger, facts, policy
    return True, "the server closes itself, if it still answers"


def _external(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[bool, str]:
    del ledger, facts, policy
    return True, "`fence_command` ends it from outside; not tried before it is needed"


def _self_fence(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[bool, str]:
    return self_fence_prospect(
        ledger,
        facts,
        promote_wait_s=policy.promote_wait_s,
        fresh_s=max(policy.fresh_s, SILENT_S),
    )


_PROSPECTS: Mapping[Proof, Callable[[Ledger, Facts, Policy], tuple[bool, str]]] = (
    MappingProxyType(
        {
            Proof.PROCESS: _process,
            Proof.ACKS_REVOKED: _acks_revoked,
            Proof.SQL: _sql,
            Proof.SELF_FENCE: _self_fence,
            Proof.EXTERNAL: _external,
        }
    )
)


def prospects(ledger: Ledger, facts: Facts, policy: Policy) -> tuple[Prospect, ...]:
    """Return every accepted proof, in the order asked, for the present primary."""
    found = []
    for proof in policy.proofs:
        possible, why = _PROSPECTS[proof](ledger, facts, policy)
        found.append(Prospect(proof=proof, possible=possible, why=why))
    return tuple(found)


def no_fence(
    ledger: Ledger, facts: Facts, policy: Policy, target: Member
) -> Veto | None:
    """Some accepted proof must be possible at all."""
    del target
    found = prospects(ledger, facts, policy)
    if any(p.possible for p in found):
        return None
    told = "; ".join(f"{p.proof}: {p.why}" for p in found)
    return Veto(
        name="no_fence_proof",
        reason=f"no accepted fence proof is possible now: {told}",
        overridable=False,
    )
