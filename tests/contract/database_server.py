"""Contract of `DatabaseServer`: one test per promise of the port.

Every engine signs it: subclass, provide `cluster` and `run`. Nothing in it
assumes virtual time or an engine; what takes time is polled with a deadline.
"""

from tests.contract.database_acks import SeeingAndAcks
from tests.contract.database_counting import CountingAcks
from tests.contract.database_failover import FailoverSteps
from tests.contract.database_orders import SeedingAndOrders
from tests.contract.database_reopen import ReopeningSteps
from tests.contract.database_switchover import SwitchoverSteps


class DatabaseServerContract(
    SeeingAndAcks,
    CountingAcks,
    FailoverSteps,
    SeedingAndOrders,
    ReopeningSteps,
    SwitchoverSteps,
):
    """Behaviour the controller relies on."""
