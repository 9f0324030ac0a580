"""Which test shows which acceptance scenario, on which engine, or why none does.

`SCENARIOS` has every number once. A test stands under `both` when it is collected
for both engines, on real servers; under `mariadb` or `mysql` when the other engine
has one of its own, or *left* says why not. `simulated`: the same on memory adapters
and virtual time, stories by their name. `left`: what is not shown, and where it
belongs. `test_catalogue.py` collects them all.
"""

from collections.abc import Sequence

from tests.integration.scenarios.doubts import DOUBTS
from tests.integration.scenarios.losses import LOSSES
from tests.integration.scenarios.scenario import Scenario

SCENARIOS: Sequence[Scenario] = (*LOSSES, *DOUBTS)
