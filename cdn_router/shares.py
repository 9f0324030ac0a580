"""What each of several clusters has of one edge: slots, and an epoch of its own. Pure.

An edge keeps marks beside its routes, as one flat map. `claimed` and `epoch` are
those of an edge that one cluster has for itself. A cluster that shares the edge has
`claimed:NAME` and `epoch:NAME`, and `owner:SLOT` says whose a slot is. So an epoch
is compared with those of its own cluster alone, and nobody writes to a slot that
is another's.

A slot without an owner is from before the edge was shared: whoever has it in its
configuration may take it, at an epoch that is no older than the edge's `epoch`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cdn_router.plan import stale
from cdn_router.ports import RouteTable
from controller.model.ids import ClusterId, Epoch, SlotId

Marks = Mapping[str, str]

CLAIMED, EPOCH, _OWNER = "claimed", "epoch", "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One cluster's part of an edge: the slots in its configuration."""

    cluster: ClusterId
    slots: frozenset[SlotId]


@dataclass(frozen=True)
class Shares:
    """An edge's marks and the slots it has entries for, sorted out once for all.

    Two hundred clusters may look at one answer: what is asked of it afterwards costs
    what one cluster has, not what the edge has.
    """

    marks: Marks
    mapped: frozenset[str]

    def mine(self, share: Share | None) -> frozenset[SlotId]:
        """Return the slots that *share* may change; without one all of them."""
        if share is None:
            return frozenset(map(SlotId, self.mapped))
        owned = self._owned.get(share.cluster, frozenset())
        return owned | (self._unowned & share.slots)

    def seen(self, share: Share | None) -> Epoch:
        """Return the highest epoch that ever began to change *share*'s slots.

        Raises `ValueError` when a mark is no number.
        """
        keys = [CLAIMED, EPOCH] if self._before_sharing(share) else []
        if share is not None:
            keys += [_key(CLAIMED, share), _key(EPOCH, share)]
        return Epoch(max(self._number(key) for key in keys))

    def in_force(self, share: Share | None) -> Epoch:
        """Return the epoch whose routes are completely in force for *share*.

        Raises `ValueError` when its mark is no number.
        """
        own = EPOCH if share is None else _key(EPOCH, share)
        if own not in self.marks and self._before_sharing(share):
            own = EPOCH
        return Epoch(self._number(own))

    def objection(self, share: Share | None, table: RouteTable) -> str | None:
        """Say why *table* must be refused from *share*, or None.

        Raises nothing: a mark that is no number is an objection to whose it is, and
        several clusters' tables may be judged one after the other.
        """
        if share is None and (words := self.shared_words()):
            return words
        if share is not None:
            who = share.cluster
            taken = [s for s in table.routes if self._owners.get(s, who) != who]
            if taken:
                return f"slot {taken[0]} belongs to cluster {self._owners[taken[0]]}"
        try:
            seen = self.seen(share)
        except ValueError as error:
            return str(error)
        return stale(seen=seen, offered=table.epoch)

    def shared_words(self) -> str | None:
        """Say that it is shared, to who believes to have it alone; None: it is not."""
        names = ", ".join(sorted(self._owned))
        if not names:
            return None
        return f"this edge is shared by {names}: set `shared: true` at it"

    def _before_sharing(self, share: Share | None) -> bool:
        """Tell whether the edge's own epoch still stands over a slot of *share*'s."""
        return share is None or not self._unowned.isdisjoint(share.slots)

    def _number(self, key: str) -> int:
        value = self.marks.get(key, "0")
        try:
            return int(value)
        except ValueError:
            raise ValueError(f"mark {key} is no number: {value!r}") from None

    @cached_property
    def _owners(self) -> Mapping[SlotId, ClusterId]:
        prefix = f"{_OWNER}:"
        return {
            SlotId(key.removeprefix(prefix)): ClusterId(who)
            for key, who in self.marks.items()
            if key.startswith(prefix)
        }

    @cached_property
    def _owned(self) -> Mapping[ClusterId, frozenset[SlotId]]:
        found: dict[ClusterId, set[SlotId]] = {}
        for slot, who in self._owners.items():
            found.setdefault(who, set()).add(slot)
        return {who: frozenset(slots) for who, slots in found.items()}

    @cached_property
    def _unowned(self) -> frozenset[SlotId]:
        return frozenset(map(SlotId, self.mapped)) - self._owners.keys()


def own_keys(share: Share | None, slots: Iterable[SlotId]) -> frozenset[str]:
    """Return the marks *share* may write for *slots*."""
    if share is None:
        return frozenset({CLAIMED, EPOCH})
    owners = (f"{_OWNER}:{slot}" for slot in slots)
    return frozenset({_key(CLAIMED, share), _key(EPOCH, share), *owners})


def written(
    share: Share | None, *, claimed: Epoch, epoch: Epoch, slots: Iterable[SlotId]
) -> Marks:
    """Return *share*'s own marks, *slots* being its by them."""
    if share is None:
        return {CLAIMED: str(claimed), EPOCH: str(epoch)}
    return {
        _key(CLAIMED, share): str(claimed),
        _key(EPOCH, share): str(epoch),
        **{f"{_OWNER}:{slot}": str(share.cluster) for slot in slots},
    }


def _key(word: str, share: Share) -> str:
    return f"{word}:{share.cluster}"
