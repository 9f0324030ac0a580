"""Say what we see to the other observers, and keep what they say."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.act.ports import VoteSeat
from controller.act.starved import Alertness
from health.detector import Detector
from health.vote_bus import VoteBus
from health.votes import Ballot, Electorate, Says, Vote, VoteBoard, says_of

VOTE_S = 0.2
"""Between two words of ours, which are what others' ages are measured by."""

LOOK_S = 0.02
"""How soon a changed verdict is told: at once, for a failover waits for it."""


@dataclass(slots=True)
class Voting:
    """One observer among others; detectors: of every subject, as `a/database`."""

    seat: VoteSeat
    alertness: Alertness
    detectors: Mapping[str, Detector]
    _said: tuple[Mapping[str, Says], bool] = field(default=({}, False))
    _said_at_s: float = float("-inf")

    def __post_init__(self) -> None:
        self.bus.ears.vote = self._heard
        self.bus.ears.presence = self.board.present
        self.bus.ears.refused = self.board.refuse

    @property
    def bus(self) -> VoteBus:
        """Return our way to the others."""
        return self.seat.bus

    @property
    def board(self) -> VoteBoard:
        """Return what the others said."""
        return self.seat.board

    def _heard(self, vote: Vote) -> None:
        self.board.hear(vote, self._now_s())  # it counts its refusals itself

    async def run(self) -> None:
        """Vote for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.bus.run())
            while True:
                self.turn()
                await asyncio.sleep(LOOK_S)

    def turn(self) -> None:
        """Say our word if it is time, or if it is another than before."""
        now_s, mine = self._now_s(), (self._says(), self.is_fit())
        if mine == self._said and now_s - self._said_at_s < VOTE_S:
            return
        self._said, self._said_at_s = mine, now_s
        says, fit = mine
        age_s = max((d.age_s(now_s) for d in self.detectors.values()), default=0.0)
        self.bus.post(self.board.word(now_s, says, fit=fit, age_s=age_s))

    def is_fit(self) -> bool:
        """Tell whether our own word counts."""
        return self.alertness.fitness().lag_age_s >= self.seat.unfit_s

    def electorate(self) -> Electorate:
        """Return every ballot as it counts now, ours first-hand."""
        now_s, fit = self._now_s(), self.is_fit()
        mine = Ballot(
            observer=self.board.me,
            age_s=0.0,
            fit=fit,
            says=self._says(),
            why="" if fit else "unfit: our own loop stood still",
        )
        lives = self.bus.connected and self.board.echo_age_s(now_s) < self.board.stale_s
        return Electorate(
            ballots=self.board.ballots(now_s, mine),
            reachable=lives,
            why=self.bus.why or ("" if lives else "our own words do not come back"),
            refused=self.board.refused,
            refusal=self.board.refusal,
        )

    def _says(self) -> Mapping[str, Says]:
        now_s = self._now_s()
        found = self.detectors.items()
        return {subject: says_of(d.reading(now_s)) for subject, d in found}

    def _now_s(self) -> float:
        return self.alertness.clock.monotonic_s()


def voting_of(
    seat: VoteSeat | None, alertness: Alertness, detectors: Mapping[str, Detector]
) -> Voting | None:
    """Return who votes for this process; None: there are no other observers."""
    return None if seat is None else Voting(seat, alertness, detectors)
