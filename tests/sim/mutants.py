"""Planted bugs: each breaks one rule, each is caught by name, or we are blind.

`python -m tests.sim.mutants` prints the table. A mutant is the real thing with
one part changed: a table, an executor, an adapter, what is observed. Its
scenario is a story that is clean without the bug.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace

from controller.act.virtual import run_virtual
from controller.model.commands import Proof
from controller.rehearsal.checkers import broken_promises
from controller.rehearsal.commands import perform
from controller.rehearsal.play import Play
from controller.rehearsal.run_seed import until_well
from controller.rehearsal.site import RehearsalSite
from replication.adapters.memory import Engine, Habits
from tests.sim import plants, plants_orders, plants_servers
from tests.sim.mutant import Mutant
from tests.sim.mutants_calm import CALM
from tests.sim.mutants_durability import DURABILITY
from tests.sim.mutants_errors import ERROR_MUTANTS
from tests.sim.mutants_fences import FENCE_MUTANTS
from tests.sim.mutants_planned import PLANNED_MUTANTS
from tests.sim.mutants_rejoin import REJOIN_MUTANTS
from tests.sim.mutants_upkeep import UPKEEP
from tests.sim.plants import (
    ACKS_ONLY,
    PROCESS_ONLY,
    Plant,
    with_process,
)

HORIZON_S = 600.0


KILL_A = "kill a\nrun-for 8"
CUT_A = "cut a\nrun-for 8\nheal a\nrun-for 8"

# Two ackers alive, a cut off, b is the one to promote; c could still listen to a.
TWO_ACKERS = """
freeze b
run-for 8
provisioner off
heal b
run-for 1
on verify effect {strike}
cut a
run-for 6
provisioner on
heal a
run-for 8
"""

# Two ackers; FREEZE reaches b, and c is out of the controller's reach by then.
ONE_SILENT = """
freeze b
run-for 8
provisioner off
heal b
run-for 1
on freeze intent block c controller
freeze a
run-for 12
heal a
run-for 3
mend c controller
run-for 3
"""

MUTANTS: Mapping[str, Mutant] = {
    "promote_without_fence": Mutant(
        rule="a fence that did not answer counts as one",
        plant=plants.no_fence,
        caught_by="fence_before_open",
        settings=PROCESS_ONLY,
        story=CUT_A,
    ),
    "reroute_before_promote": Mutant(
        rule="users are sent to a primary that is not open",
        plant=plants.reroute_early,
        caught_by="rerouted_after_open",
        story=KILL_A,
    ),
    "unknown_taken_as_refused": Mutant(
        rule="a lost reply counts as a no",
        plant=plants.unknown_is_refused,
        caught_by="refused_means_undone",
        story="order b open lost-after\nkill a\nrun-for 8",
    ),
    "exit_without_unfreeze": Mutant(
        rule="rule 1: an exit before OPEN leaves the acker deaf",
        plant=plants.no_unfreeze,
        caught_by="abandoned_means_undone",
        settings=PROCESS_ONLY,
        story="provisioner off\ncut a\nrun-for 3\nheal a\nrun-for 3",
    ),
    "restart_goes_on_at_fence": Mutant(
        rule="rule 1: a restarted controller trusts an old CONFIRM and FREEZE",
        plant=plants.resume_in_the_middle,
        caught_by="proof_is_fresh",
        story="on freeze effect crash\nfreeze a\nrun-for 2\nheal a\nrun-for 8",
    ),
    "acker_before_registered": Mutant(
        rule="rule 2: a replica connects before the journal names it",
        plant=plants.attach_before_register,
        caught_by="registered_first",
        story=KILL_A,
    ),
    "freeze_only_the_candidate": Mutant(
        rule="rule 2: another acker goes on acknowledging",
        plant=plants.freeze_candidate_only,
        caught_by="fenced_stays_fenced",
        settings=ACKS_ONLY,
        story=TWO_ACKERS.format(strike="mend a c"),
    ),
    "silent_acker_passes_open": Mutant(
        rule="rule 2: an acker that cannot be re-read before OPEN counts as frozen",
        plant=plants_orders.silence_passes_open,
        caught_by="fenced_stays_fenced",
        settings=replace(
            ACKS_ONLY,
            habits=Habits(engine=Engine.MARIADB, replicates_at_boot=True),
        ),
        story=TWO_ACKERS.format(strike="block c controller").replace(
            "cut a\n",
            "on verify effect mend a c\non verify effect restart c\ncut a\n",
        ),
    ),
    "replica_starts_by_itself": Mutant(
        rule="rule 3: the freeze does not survive a restart",
        plant=plants_servers.replicates_at_boot,
        caught_by="fenced_stays_fenced",
        settings=ACKS_ONLY,
        story=TWO_ACKERS.format(strike="mend a c").replace(
            "cut a\n", "on verify effect restart c\ncut a\n"
        ),
    ),
    "protected_by_status": Mutant(
        rule="rule 4: `protected` without a canary that was received",
        plant=plants.protected_by_status,
        caught_by="nothing_lost_while_protected",
        story="block a b\nrun-for 9\nkill a\nrun-for 8",
    ),
    "boot_id_not_compared": Mutant(
        rule="rule 4: a restarted acker lost what it acknowledged",
        plant=plants_servers.boot_id_never_changes,
        caught_by="nothing_lost_while_protected",
        story="lag b\nrun-for 2\nrestart b\nkill a\nrun-for 8",
    ),
    "late_order_forgotten": Mutant(
        rule="rule 5: an unanswered DEGRADE counts as not carried out",
        plant=plants.degrade_unknown_is_refused,
        caught_by="one_acknowledger",
        settings=ACKS_ONLY,
        story="on degrade intent freeze a\nfreeze b\nrun-for 3\nheal b\nrun-for 9"
        "\nheal a\nrun-for 3",
    ),
    "unanswered_open_is_undone": Mutant(
        rule="rule 5: after an unanswered OPEN the ackers follow the old primary",
        plant=plants_orders.unanswered_open_is_undone,
        caught_by="unknown_open_is_never_undone",
        story="order b open lost-after\nkill a\nrun-for 8",
    ),
    "sent_without_ready": Mutant(
        rule="rule 5: an un-fencing order goes out on an unproven connection",
        plant=plants.no_sessions,
        caught_by="sessions_recorded",
        story=KILL_A,
    ),
    "stall_taken_as_primary_loss": Mutant(
        rule="rule 6: a lost acker looks like a lost primary",
        plant=plants.stall_is_loss,
        caught_by="no_needless_failover",
        story="block a b\nblock b a\nrun-for 8",
    ),
    "primary_loss_taken_as_acker_loss": Mutant(
        rule="rule 6: a lost primary looks like a lost acker",
        plant=plants.loss_is_stall,
        caught_by="no_needless_degrade",
        story="freeze a\nrun-for 6",
    ),
    "ex_primary_rejoins": Mutant(
        rule="rule 7: a running ex-primary is taken back without a new copy",
        plant=plants.take_back_as_it_is,
        caught_by="ex_primary_is_seeded_first",
        settings=ACKS_ONLY,
        story="kill c\nfreeze a\nrun-for 6\nheal a\nrun-for 10",
    ),
    "source_side_without_receiver": Mutant(
        rule="rule 8: a new primary waits for a replica that does not exist",
        plant=plants_servers.require_acks_at_open,
        caught_by="source_side_needs_a_receiver",
        story=KILL_A,
    ),
    "orderly_shutdown": Mutant(
        rule="rule 9: MySQL acknowledges its waiters when asked to shut down",
        plant=plants_servers.terminate,
        caught_by="old_primary_stays_silent",
        settings=replace(with_process(ACKS_ONLY), engine=Engine.MYSQL),
        story="cut a\nrun-for 3\nheal a\nrun-for 8",
    ),
    "waiters_ended_by_kill_query": Mutant(
        rule="rule 9: MariaDB acknowledges a waiter that is ended by KILL QUERY",
        plant=plants_orders.kill_query,
        caught_by="nothing_lost_while_protected",
        settings=replace(ACKS_ONLY, proofs=(Proof.SQL,)),
        story="on fence intent heal a\nfreeze a\nrun-for 8",
    ),
    "lease_not_rechecked": Mutant(
        rule="rule 10: another controller has taken over meanwhile",
        plant=plants.lease_never_lost,
        caught_by="only_the_holder_acts",
        story="on hold effect usurp\nkill a\nrun-for 8",
    ),
    "lease_not_rechecked_before_open": Mutant(
        rule="rule 10: another controller takes over between FREEZE and OPEN",
        plant=plants_orders.open_without_recheck,
        caught_by="only_the_holder_acts",
        story="on verify effect usurp\nkill a\nrun-for 8",
    ),
    "effect_before_intent": Mutant(
        rule="promise 5: what un-fences is on record before it is sent",
        plant=plants_orders.effect_before_intent,
        caught_by="recorded_first",
        story=KILL_A,
    ),
    "unfreeze_all_or_nobody": Mutant(
        rule="rule 1: one silent acker leaves the others deaf after an exit",
        plant=plants_orders.unfreeze_all_or_nobody,
        caught_by="abandoned_means_undone",
        settings=ACKS_ONLY,
        story=ONE_SILENT,
    ),
    "wish_never_ends": Mutant(
        rule="promise 3: a wish that was held fires when its veto clears, hours later",
        plant=plants_orders.wish_never_ends,
        caught_by="no_needless_failover",
        story="pause lunch\nfailover b +primary_answers +still_receiving"
        " +no_second_vantage drill\nrun-for 90\nresume\nrun-for 6",
    ),
    "revoked_though_nobody_waits": Mutant(
        rule="proof (b): with `durability: none` there is nothing to revoke",
        plant=plants_orders.revoked_though_unprotected,
        caught_by="fenced_stays_fenced",
        settings=replace(with_process(ACKS_ONLY), durability="none"),
        story="provisioner off\ncut a\nrun-for 6\nheal a\nrun-for 4",
    ),
    "revoked_though_unprotected": Mutant(
        rule="proof (b): frozen ackers revoke nothing from a primary without any",
        plant=plants_orders.revoked_though_unprotected,
        caught_by="fenced_stays_fenced",
        settings=with_process(ACKS_ONLY),
        story="provisioner off\nblock a b\nrun-for 6\ncut a\nrun-for 2\n"
        "failover b +unprotected test\nrun-for 4\nheal a\nrun-for 4",
    ),
    **UPKEEP,
    **CALM,
    **PLANNED_MUTANTS,
    **REJOIN_MUTANTS,
    **DURABILITY,
    **FENCE_MUTANTS,
    **ERROR_MUTANTS,
}


def play(mutant: Mutant, plant: Plant) -> tuple[dict[str, list[str]], RehearsalSite]:
    """Play the mutant's story with *plant*; return the broken promises."""

    async def tell() -> RehearsalSite:
        site = plant(mutant.settings)
        stage = Play(site)
        await stage.begin()
        await until_well(stage)
        for line in mutant.story.strip().splitlines():
            await perform(stage, line)
        await stage.end()
        return site

    site = run_virtual(tell(), horizon_s=HORIZON_S)
    return broken_promises(site.case()), site


def table() -> str:
    """Return name, rule and who catches it, one line a mutant."""
    name_width = max(map(len, MUTANTS))
    rule_width = max(len(m.rule) for m in MUTANTS.values())
    lines = []
    for name, mutant in MUTANTS.items():
        found, _ = play(mutant, mutant.plant)
        clean, _ = play(mutant, plants.none)
        seen = "caught" if mutant.caught_by in found else "MISSED"
        control = "clean without it" if not clean else f"NOT CLEAN: {sorted(clean)}"
        lines.append(
            f"{name:{name_width}}  {mutant.rule:{rule_width}}"
            f"  {seen} by {mutant.caught_by}, {control}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    text = table()
    sys.stdout.write(text + "\n")
    sys.exit(1 if "MISSED" in text or "NOT CLEAN" in text else 0)
