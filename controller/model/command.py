"""Any one of the orders in `commands`."""

from typing import TypeAlias

from controller.model.commands import (
    CommitCanary,
    Compare,
    Confirm,
    EnsureCaughtUp,
    EnsureClosed,
    EnsureDegraded,
    EnsureDrained,
    EnsureFenced,
    EnsureFollowing,
    EnsureFrozen,
    EnsureHeard,
    EnsureHeld,
    EnsureInstance,
    EnsureInvalidated,
    EnsureOpen,
    EnsureProtected,
    EnsureReleased,
    EnsureReopened,
    EnsureRepointed,
    EnsureReported,
    EnsureResumed,
    EnsureRouted,
    EnsureSaved,
    EnsureSeeded,
    EnsureUnfrozen,
    EnsureWaiting,
    RecordUnprotected,
    Register,
    Verify,
    VerifyEndToEnd,
)

Command: TypeAlias = (
    Confirm
    | EnsureHeld
    | EnsureFrozen
    | EnsureUnfrozen
    | EnsureFenced
    | EnsureClosed
    | EnsureCaughtUp
    | EnsureReopened
    | EnsureDrained
    | Verify
    | EnsureInvalidated
    | EnsureRepointed
    | RecordUnprotected
    | EnsureOpen
    | CommitCanary
    | EnsureRouted
    | EnsureReleased
    | EnsureInstance
    | EnsureSeeded
    | Register
    | EnsureFollowing
    | EnsureProtected
    | EnsureDegraded
    | EnsureWaiting
    | EnsureHeard
    | Compare
    | EnsureSaved
    | EnsureReported
    | EnsureResumed
    | VerifyEndToEnd
)
