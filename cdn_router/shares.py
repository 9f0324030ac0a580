"""What each of several clusters has of one edge: slots, and an epoch of its own. Pure.

An edge keeps marks beside its routes, as one flat map. `claimed` and `epoch` are
those of an edge that one cluster has for itself. A cluster that shares the edge has
`claimed:NAME` and `epoch:NAME`, and `owner:SLOT` says whose a slot is. So an epoch
is compared with those of its own cluster alone, and nobody writes to a slot that
is another's.

A slot without an owner is from before the edge was shared: whoever has it in its
configuration may take it, at an epoch that is no older than the edge's `epoch`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

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


def mine(
    marks: Marks, mapped: Collection[str], share: Share | None
) -> frozenset[SlotId]:
    """Return the slots that *share* may change; without one all *mapped* ones.

    mapped: every slot the edge has an entry for.
    """
    if share is None:
        return frozenset(map(SlotId, mapped))
    owners = _owners(marks)
    free = (s for s in map(SlotId, mapped) if s in share.slots and s not in owners)
    return frozenset((*free, *(s for s, who in owners.items() if who == share.cluster)))


def seen(marks: Marks, mapped: Collection[str], share: Share | None) -> Epoch:
    """Return the highest epoch that ever began to change *share*'s slots.

    Raises `ValueError` when a mark is no number.
    """
    keys = [CLAIMED, EPOCH] if _has_unowned(marks, mapped, share) else []
    if share is not None:
        keys += [_key(CLAIMED, share), _key(EPOCH, share)]
    return Epoch(max(int(marks.get(key, "0")) for key in keys))


def in_force(marks: Marks, mapped: Collection[str], share: Share | None) -> Epoch:
    """Return the epoch whose routes are completely in force for *share*."""
    own = None if share is None else marks.get(_key(EPOCH, share))
    if own is None and _has_unowned(marks, mapped, share):
        own = marks.get(EPOCH)
    return Epoch(int(own or "0"))


def objection(
    marks: Marks, mapped: Collection[str], share: Share | None, table: RouteTable
) -> str | None:
    """Say why *table* must be refused from *share*, or None."""
    owners = _owners(marks)
    if share is None and owners:
        return shared_words(marks)
    if share is not None:
        taken = [
            s for s in table.routes if owners.get(s, share.cluster) != share.cluster
        ]
        if taken:
            return f"slot {taken[0]} belongs to cluster {owners[taken[0]]}"
    return stale(seen=seen(marks, mapped, share), offered=table.epoch)


def shared_words(marks: Marks) -> str | None:
    """Say that an edge is shared, to who believes to have it alone; None: it is not."""
    names = ", ".join(sorted(set(_owners(marks).values())))
    if not names:
        return None
    return f"this edge is shared by {names}: set `shared: true` at it"


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


def _has_unowned(marks: Marks, mapped: Collection[str], share: Share | None) -> bool:
    """Tell whether the edge's own epoch still stands over a slot of *share*'s."""
    if share is None:
        return True
    owners = _owners(marks)
    return any(s in share.slots and s not in owners for s in map(SlotId, mapped))


def _owners(marks: Marks) -> Mapping[SlotId, ClusterId]:
    prefix = f"{_OWNER}:"
    return {
        SlotId(key.removeprefix(prefix)): ClusterId(who)
        for key, who in marks.items()
        if key.startswith(prefix)
    }


def _key(word: str, share: Share) -> str:
    return f"{word}:{share.cluster}"
