"""Composition root of the fences: every way of proof a site has, and its agents."""

from collections.abc import Mapping
from pathlib import Path

from controller.config.schema import Site
from controller.config.secrets import read_secret
from controller.model.commands import Proof
from controller.model.ids import ZoneId
from deploy.agent.client import AgentClient
from deploy.agent.ports import ZoneAgent
from deploy.fencing.agents import AgentFence
from deploy.fencing.command import CommandFence
from deploy.fencing.process import EitherFence, ProcessFence
from deploy.fencing.self_fence import SelfFence
from deploy.ports import FenceProof, Provisioner


def build_agents(site: Site, base: Path) -> Mapping[ZoneId, ZoneAgent]:
    """Return the zones' agents; raises `ConfigError` for a bad token."""
    if site.agents is None:
        return {}
    token = read_secret(site.agents.token, base=base).value
    urls = site.agents.zones.items()
    return {ZoneId(z): AgentClient(url, token, site.site) for z, url in urls}


def build_fences(
    site: Site,
    provisioner: Provisioner | None,
    agents: Mapping[ZoneId, ZoneAgent],
) -> Mapping[Proof, FenceProof]:
    """Return the ways of proof that work from outside a database."""
    fences: dict[Proof, FenceProof] = {}
    hands: dict[str, FenceProof] = {}
    if provisioner is not None:
        hands["provisioner"] = ProcessFence(provisioner)
    if agents:
        hands["agent"] = AgentFence(agents)
    if site.agents is not None and "self_fence" in site.proofs:
        fences[Proof.SELF_FENCE] = SelfFence(agents, site.agents.promote_wait_s)
    if hands:
        several = len(hands) > 1
        fences[Proof.PROCESS] = (
            EitherFence(hands) if several else next(iter(hands.values()))
        )
    if site.fence_command is not None:
        fences[Proof.EXTERNAL] = CommandFence(
            argv=site.fence_command.argv,
            command_s=site.fence_command.timeout_s,
            check=site.fence_command.check or (),
        )
    return fences
