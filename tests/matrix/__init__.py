"""Never fooled, never late: every fault on one real lab under load, one table."""
