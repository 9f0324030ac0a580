"""The lab's tables: what the site stores and what the controller records.

Engine neutral (MariaDB and MySQL), all InnoDB, every statement repeatable.
`cms` belongs to the site, `sitedr` to the controller; the application account
needs rights on `cms` only.
"""

from collections.abc import Sequence

STATEMENTS: Sequence[str] = (
    "CREATE DATABASE IF NOT EXISTS cms CHARACTER SET utf8mb4",
    """CREATE TABLE IF NOT EXISTS cms.pages (
        slug VARCHAR(128) NOT NULL PRIMARY KEY,
        title VARCHAR(200) NOT NULL,
        body MEDIUMTEXT NOT NULL,
        version BIGINT NOT NULL,
        changed TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6),
        KEY newest (changed)
    ) ENGINE=InnoDB""",
    """CREATE TABLE IF NOT EXISTS cms.writes (
        id VARCHAR(64) NOT NULL PRIMARY KEY,
        zone VARCHAR(16) NOT NULL,
        at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
    ) ENGINE=InnoDB""",
    "CREATE DATABASE IF NOT EXISTS sitedr CHARACTER SET utf8mb4",
    """CREATE TABLE IF NOT EXISTS sitedr.epoch (
        id TINYINT NOT NULL PRIMARY KEY,
        epoch BIGINT NOT NULL
    ) ENGINE=InnoDB""",
    """CREATE TABLE IF NOT EXISTS sitedr.canary (
        id TINYINT NOT NULL PRIMARY KEY,
        beat BIGINT NOT NULL,
        at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6)
    ) ENGINE=InnoDB""",
    """CREATE TABLE IF NOT EXISTS sitedr.local_canary (
        id TINYINT NOT NULL PRIMARY KEY,
        beat BIGINT NOT NULL,
        at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
            ON UPDATE CURRENT_TIMESTAMP(6)
    ) ENGINE=InnoDB""",
    """INSERT IGNORE INTO cms.pages (slug, title, body, version)
        VALUES ('welcome', 'Welcome', 'This page was served by one zone of three.', 1)
    """,
)
