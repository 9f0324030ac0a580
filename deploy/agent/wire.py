"""What agents, the controller and people say to an agent, as JSON; pure."""

from collections.abc import Mapping

from controller.model.ids import BootId, Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, Outcome, Refused, Unknown
from deploy.agent.memo import Held
from deploy.agent.ports import AgentState, Contact, Renewal

Tree = Mapping[str, object]
SITE_HEADER = "Sitedr-Site"
"""Names the site meant: server names such as `db-a` occur in many."""


def render_outcome(outcome: Outcome) -> Tree:
    """Return one of the three answers."""
    told: dict[str, object] = {"outcome": type(outcome).__name__.lower()}
    if isinstance(outcome, Done):
        return {**told, "evidence": dict(outcome.evidence)}
    return {**told, "reason": outcome.reason}


def parse_outcome(tree: Tree) -> Outcome:
    """Return the answer of *tree*; what makes no sense is `Unknown`."""
    reason = str(tree.get("reason", ""))
    evidence = tree.get("evidence", {})
    match tree.get("outcome"):
        case "done" if isinstance(evidence, dict):
            return Done({str(k): str(v) for k, v in evidence.items()})
        case "refused":
            return Refused(reason)
        case _:
            return Unknown(reason or "an answer that makes no sense")


def render_contact(said: Contact) -> Tree:
    """Return the controller's word."""
    return {
        "epoch": said.epoch,
        "renews": said.renews,
        "nonce": said.nonce,
        "known_ttl_s": said.known_ttl_s,
        "opened": said.opened,
        "follows": said.follows,
    }


def parse_contact(tree: Tree) -> Contact:
    """Return the controller's word; raises `KeyError` or `ValueError`."""
    return Contact(
        epoch=Epoch(int(str(tree["epoch"]))),
        renews=tree["renews"] is True,
        nonce=str(tree["nonce"]),
        known_ttl_s=float(str(tree["known_ttl_s"])),
        opened=BootId(str(tree["opened"])),
        follows=tree["follows"] is True,
    )


def render_state(state: AgentState) -> Tree:
    """Return what an agent says of itself."""
    return {
        "zone": state.zone,
        "server": state.server,
        "epoch": state.epoch,
        "running": state.running,
        "inhibited": state.inhibited,
        "writable": state.writable,
        "held": state.held.value,
        "armed_s": state.armed_s,
        "nonce": state.nonce,
        "boot": state.boot,
        "peers": list(state.peers),
        "trouble": state.trouble,
    }


def parse_state(tree: Tree) -> AgentState:
    """Return what an agent said; raises `KeyError` or `ValueError`."""
    peers = tree["peers"]
    if not isinstance(peers, list):
        raise KeyError("peers")
    return AgentState(
        zone=ZoneId(str(tree["zone"])),
        server=ServerId(str(tree["server"])),
        epoch=Epoch(int(str(tree["epoch"]))),
        running=tree["running"] is True,
        inhibited=tree["inhibited"] is True,
        writable=tree["writable"] is True,
        held=Held(str(tree["held"])),
        armed_s=float(str(tree["armed_s"])),
        nonce=str(tree["nonce"]),
        boot=BootId(str(tree["boot"])),
        peers=tuple(ZoneId(str(z)) for z in peers),
        trouble=str(tree["trouble"]),
    )


def render_renewal(renewal: Renewal) -> Tree:
    """Return a peer's answer."""
    return {"granted": renewal.granted, "promised": renewal.promised}


def parse_renewal(tree: Tree) -> Renewal:
    """Return a peer's answer; raises `KeyError` or `ValueError`."""
    return Renewal(
        granted=tree["granted"] is True, promised=Epoch(int(str(tree["promised"])))
    )
