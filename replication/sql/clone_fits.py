"""Which servers a CLONE is possible between; pure.

MySQL manual, "Clone Plugin Limitations": within one series, and before 8.0.37 only
between equal point releases.
"""

from replication.sql.session import Row
from replication.versions import number_of

CLONABLE = (
    "SELECT VERSION() AS version,"
    " CONCAT(@@version_compile_os, ' ', @@version_compile_machine) AS platform,"
    " (SELECT COUNT(*) FROM information_schema.PLUGINS WHERE PLUGIN_NAME='clone'"
    " AND PLUGIN_STATUS='ACTIVE') AS clone"
)
"""What `why_no_clone` is told of either server."""
_ANY_POINT_RELEASE = (8, 0, 37)


def why_no_clone(ours: Row, theirs: Row) -> str:
    """Return why the server would refuse; empty: nothing we know of."""
    if not ours["clone"] or not theirs["clone"]:
        return "no CLONE plugin"
    fits = _same_release(str(ours["version"]), str(theirs["version"]))
    if fits and ours["platform"] == theirs["platform"]:
        return ""
    return f"{theirs['version']} {theirs['platform']} there"


def _same_release(ours: str, theirs: str) -> bool:
    mine, other = number_of(ours), number_of(theirs)
    if min(mine, other) < _ANY_POINT_RELEASE:
        return bool(mine) and mine == other
    return mine[:2] == other[:2]
