"""The agent of one zone: fences on order, keeps boots safe, ends a lonely primary.

Alone means: neither the controller nor any other zone's agent has renewed it for
`ttl_s` of CLOCK_BOOTTIME, which goes on while the machine or the zone is frozen.
One of them is enough to live, so losing the controller alone, or the other zones
alone, never stops a healthy primary; and a replica is never ended by itself.
A renewal counts from the moment it was asked for, never from its arrival: an
answer that a black hole kept for a minute says nothing about now.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from controller.model.clock import Clock
from controller.model.ids import Epoch, ServerId, ZoneId
from controller.model.outcomes import Done, NotSeen, Outcome, Refused
from deploy.agent.boots import BootJudge, came_up, in_order
from deploy.agent.memo import NO_BOOT, NO_EPOCH, Held, Lease, Memo, Store
from deploy.agent.nonces import Nonces
from deploy.agent.ports import (
    AgentState,
    Contact,
    HandState,
    LocalDatabase,
    LocalView,
    Peer,
    ProcessHand,
    Renewal,
    Settings,
    beyond_margin_s,
    patience_s,
    relied_on_s,
)

ENDING_S = 1.0
"""For ending clients in order; then SIGKILL, whatever they say."""


@dataclass(slots=True)
class Agent:
    """Runs by `tick`; answers in between. Nothing in here waits without a bound.

    guarded: tells whether the guard process beside this agent lives; without one
        it is never armed, because nobody would notice its own death.
    """

    settings: Settings
    hand: ProcessHand
    database: LocalDatabase
    peers: Mapping[ZoneId, Peer]
    clock: Clock
    store: Store
    guarded: Callable[[], bool] = lambda: True
    memo: Memo = field(init=False)
    trouble: str = ""
    _view: LocalView | None = None
    _process: HandState | None = None
    _renewed_s: float | None = None
    _primary: bool = False
    _judge: BootJudge = field(default_factory=BootJudge)
    _said: Contact | None = None
    _nonces: Nonces = field(default_factory=Nonces)
    _unsaved: str = ""
    _unlet: str = ""
    _returned: bool = False
    _leaving: bool = False
    _dismissed: bool = False
    _left: bool = False
    _released: bool = False
    _was_down: bool = False
    _ends: int = 0
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.memo = self.store.load()
        lease = self.store.lease()
        self._returned = lease is not None and lease.kernel == self.settings.kernel
        # One without a ttl was left behind: nobody counted on it since.
        if lease is not None and lease.ttl_s and self._returned:
            self._renewed_s, self._primary = lease.renewed_s, lease.primary

    # ---- said by the controller ---------------------------------------------

    def contact(self, said: Contact) -> AgentState | Refused:
        """Take the controller's word and answer with our state and a new nonce."""
        if said.epoch < self.memo.epoch:
            return self._older(said.epoch)
        heard = replace(
            self.memo,
            epoch=said.epoch,
            known_ttl_s=relied_on_s(self.memo.known_ttl_s, said),
            vouched=said.epoch if said.renews else self.memo.vouched,
        )
        if heard != self.memo:
            self._note(heard)
        asked_s = self._nonces.given_s(said.nonce)
        if said.renews and asked_s is not None:
            self._renew_from(asked_s)
            self._released = self.memo.held is Held.SELF_FENCED
            # It has heard, and recorded, that we are not armed; no run counts on us.
            self._dismissed = self._leaving and not said.known_ttl_s
        self._said = said
        return self.state()

    async def fence(self, server: ServerId, epoch: Epoch, nonce: str) -> Outcome:
        """Proof (a): dead, its restart inhibited, both durable before it says so.

        nonce: of an answer of ours within `ORDER_S`, for one order. What was kept on
        the way is void: of the same epoch another server may run here now.
        """
        if server != self.settings.server:
            return Refused(f"there is no server {server} in zone {self.settings.zone}")
        async with self._busy:
            if epoch < self.memo.epoch:
                return self._older(epoch)
            if not self._nonces.orders(nonce, self._now_s()):
                return Refused("the order came late, or a second time: ask again")
            self._was_down = False
            self._save(replace(self.memo, epoch=epoch, held=Held.FENCED))
            return self._ended(await self.hand.kill(epoch, "fenced"))

    def promise(self, zone: ZoneId, epoch: Epoch) -> Outcome:
        """Renew nothing for *zone* below *epoch* any more: durable when `Done`."""
        if zone == self.settings.zone or zone not in self.peers:
            return Refused(f"zone {zone} is none that this agent renews")
        known = self.memo.promises.get(zone, NO_EPOCH)
        if epoch < known:
            return Refused(f"epoch {epoch} is older than the promised {known}")
        if epoch > known:
            self._save(replace(self.memo, promises={**self.memo.promises, zone: epoch}))
        return Done({"promised": str(epoch)})

    # ---- said by other zones' agents ----------------------------------------

    def renew(self, zone: ZoneId, epoch: Epoch) -> Renewal:
        """Witness that *zone* is not alone, unless that was promised away."""
        promised = self.memo.promises.get(zone, NO_EPOCH)
        return Renewal(
            granted=zone in self.peers and epoch >= promised, promised=promised
        )

    # ---- said by people, and by the machine ---------------------------------

    async def stop_database(self, why: str, held: Held = Held.STOPPED) -> Outcome:
        """End clients in the order of the engine, then SIGKILL; it stays down.

        Never an orderly shutdown: MySQL would acknowledge what waits (rule 9).
        """
        async with self._busy:
            return await self._end(held, why)

    async def start_database(self, *, fenced: bool) -> Outcome:
        """Let it boot, read-only. fenced: also one that was fenced on order."""
        if self.memo.held is Held.FENCED and not fenced:
            return Refused(
                f"it was fenced under epoch {self.memo.epoch}: it may lack or have more"
                " than the primary; say --fenced to boot it read-only all the same"
            )
        async with self._busy:
            return await self._release("started by a person")

    async def began(self) -> None:
        """Undo what an agent that shut down with its machine had done."""
        if self.memo.held is Held.SHUT_DOWN:
            await self._release("the agent is back")

    # ---- by itself ------------------------------------------------------------

    def state(self) -> AgentState:
        """Return what is known now, with a fresh nonce."""
        process = self._process
        return AgentState(
            zone=self.settings.zone,
            server=self.settings.server,
            epoch=self.memo.epoch,
            running=process is not None and process.running,
            inhibited=process is not None and process.inhibited,
            writable=self._view is not None and self._view.writable,
            held=self.memo.held,
            armed_s=self._armed_s(),
            nonce=self._nonces.give(self._now_s()),
            boot=self._view.boot_id if self._view is not None else NO_BOOT,
            peers=tuple(sorted(self.peers)),
            trouble=self.worry,
        )

    async def tick(self) -> None:
        """Fence first if that is due; then look, mend, and ask to be renewed."""
        if await self.fence_if_alone():
            return
        ends = self._ends
        process, view = await asyncio.gather(self.hand.state(), self.database.look())
        if ends != self._ends:
            return  # read before it was ended: says nothing of now
        self._process = None if isinstance(process, NotSeen) else process
        self._view = None if isinstance(view, NotSeen) else view
        if self._unsaved:
            self._note(self.memo)
        if self._process is not None and self._is_back(self._process):
            self._note(replace(self.memo, held=Held.NOT))
        if self.ttl_s:
            await self._ask_peers()
        # After the peers: what was opened just now is judged by a lease of now.
        if self._view is not None:
            self._primary = self._view.writable
            await self._keep_boot_safe(self._view)
        self._let()
        if self._released and self.memo.held is Held.SELF_FENCED:
            self._released = False
            async with self._busy:
                await self._release("the controller vouches for it again")

    def leave(self) -> None:
        """Arm no more: from now on every answer says so."""
        self._leaving = True
        self._nonces.clear()  # so that whoever names one has heard it

    def stand_down(self) -> bool:
        """Have the guard leave the database alone; `False`: not while it is relied on.

        A primary that the journal calls armed would be followed by another one, which
        counts on its end. Ask again after the next contact.
        """
        if self._primary and self.ttl_s and not self._dismissed:
            return False
        self._left = True
        self._let()
        return not self._unlet

    def _is_back(self, process: HandState) -> bool:
        """Somebody else with a right to it (provisioning) started it again.

        Only what was seen down can be back: a kill in doubt is no new life.
        """
        if not process.running:
            self._was_down = True
        held = self.memo.held is not Held.NOT and not self._busy.locked()
        return held and self._was_down and process.running and not process.inhibited

    @property
    def ttl_s(self) -> float:
        """Return the shorter of our setting and what the controller relies on."""
        if self._left:
            return 0.0
        known_s, own_s = self.memo.known_ttl_s, self.settings.ttl_s
        return patience_s(known_s, own_s, self.hand.kill_s)

    def _armed_s(self) -> float:
        """Return what the controller may rely on; `MARGIN_S` comes on top."""
        process = self._process
        armed = (
            self.settings.ttl_s > 0
            and bool(self.peers)
            and self._primary
            and self._renewed_s is not None
            and process is not None
            and process.running
            and not (self._unsaved or self._unlet or self._leaving)
            and self.guarded()
        )
        armed_s = self.settings.ttl_s + beyond_margin_s(self.hand.kill_s)
        return armed_s if armed else 0.0

    async def fence_if_alone(self) -> bool:
        """End a primary whose lease is over; `True`: it was, whatever came of it.

        Called more often than `tick`, which waits for others, and first in it: a thaw
        comes here before anybody is asked. Then, or when it is late for another
        reason, it is killed at once: ending clients in order takes a while in which
        they could still be told OK.
        """
        lease, now_s = self._lease(), self._now_s()
        if lease is None or not lease.is_overdue(now_s, lease.kernel):
            return False
        if self._busy.locked():
            return True  # it is being ended, or started with the controller's word
        async with self._busy:
            why = f"self-fence: nobody renewed it for {now_s - lease.renewed_s:.1f} s"
            late = lease.is_overdue(now_s - ENDING_S, lease.kernel)
            ended = await self._end(self.memo.held or Held.SELF_FENCED, why, late=late)
            self.trouble = why if isinstance(ended, Done) else f"{why}: {ended.reason}"
        return True

    async def _end(self, held: Held, why: str, *, late: bool = False) -> Outcome:
        # A contact from before, kept by a frozen socket, must not lift what follows.
        self._nonces.clear()
        self._released = self._was_down = False
        self._note(replace(self.memo, held=held))  # a full disk keeps nobody alive
        if not late:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDING_S):
                    await self.database.end_clients(self.memo.epoch)
        return self._ended(await self.hand.kill(None, why))

    def _ended(self, outcome: Outcome) -> Outcome:
        """Remember that nothing is left to be ended, once that is proven."""
        if isinstance(outcome, Done):
            self._primary, self._view, self._was_down = False, None, True
            self._ends += 1
            self._process = HandState(running=False, inhibited=True)
            self._let()
        return outcome

    async def _release(self, why: str) -> Outcome:
        released = await self.hand.release(self.memo.epoch, why)
        if isinstance(released, Done):
            self._note(replace(self.memo, held=Held.NOT))
            self.trouble = ""
        return released

    async def _keep_boot_safe(self, view: LocalView) -> None:
        """Close what came up writable or receiving although nobody ordered it.

        Who ordered it says so within `OPENED_S`; a process that was seen closed once
        was opened by somebody since, which is well.
        """
        if view.boot_id == self.memo.boot:
            return
        if not self.memo.boot or in_order(view, self._said):
            self._note(replace(self.memo, boot=view.boot_id))
            self.trouble = ""
            return
        if self._said is None and self._returned:
            # Whoever opened it said so to nobody: the agent was away.
            self.trouble = f"{came_up(view)}, and no word from the controller yet"
            return
        if self._judge.is_over(view, self._now_s()):
            await self._close(view)

    async def _close(self, view: LocalView) -> None:
        self.trouble = f"{came_up(view)}: closed"
        database = self.database
        close = database.end_clients if view.writable else database.stop_receiving
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDING_S):
                await close(self.memo.epoch)

    async def _ask_peers(self) -> None:
        """Ask side by side; each answer counts from the moment all were asked."""
        asked_s = self._now_s()
        asked = [
            p.renew(self.settings.zone, self.memo.vouched) for p in self.peers.values()
        ]
        for answer in await asyncio.gather(*asked):
            if isinstance(answer, Renewal) and answer.granted:
                self._renew_from(asked_s)

    def _renew_from(self, asked_s: float) -> None:
        if self._renewed_s is None or asked_s > self._renewed_s:
            self._renewed_s = asked_s
            self._let()

    def _lease(self) -> Lease | None:
        if self._renewed_s is None:
            return None
        return Lease(
            kernel=self.settings.kernel,
            renewed_s=self._renewed_s,
            ttl_s=self.ttl_s,
            primary=self._primary,
            epoch=self.memo.epoch,
        )

    def _let(self) -> None:
        lease = self._lease()
        if lease is not None and lease != self.store.lease():
            try:
                self.store.let(lease)
                self._unlet = ""
            except OSError as error:
                self._unlet = f"its lease cannot be written: {error}"

    def _save(self, memo: Memo) -> None:
        """Durable when it returns, else `OSError`: before an oath or a fence."""
        self.store.save(memo)
        self.memo, self._unsaved = memo, ""

    def _note(self, memo: Memo) -> None:
        """Remember what nobody was promised; tried again until it is durable.

        Meanwhile it holds in memory, which is as strict, and the agent is not armed.
        """
        self.memo = memo
        try:
            self._save(memo)
        except OSError as error:
            self._unsaved = f"its memory cannot be written: {error}"

    @property
    def worry(self) -> str:
        """Return what a person should know: of the database first, then of the disk."""
        return self.trouble or self._unsaved or self._unlet

    def _older(self, epoch: Epoch) -> Refused:
        return Refused(f"epoch {epoch} is older than the recorded {self.memo.epoch}")

    def _now_s(self) -> float:
        return self.clock.monotonic_s()
