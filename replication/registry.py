"""Engine names a configuration may use, and the adapters that speak to them."""

from collections.abc import Mapping

from replication.adapters.mariadb import MariaDbServer
from replication.adapters.mysql import MySqlServer
from replication.sql.server import SqlServer

SERVERS: Mapping[str, type[SqlServer]] = {
    "mariadb": MariaDbServer,
    "mysql": MySqlServer,
}
