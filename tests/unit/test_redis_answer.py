"""What Redis's replies mean."""

import pytest

from health.redis_answer import Info, judge_pong, judge_role, read_info
from health.resp import ErrorReply, Reply, command

MEMORY = "# Memory\r\nused_memory:{used}\r\nmaxmemory:{most}\r\nmaxmemory_policy:{policy}\r\n"


def memory(used: int, most: int, policy: str = "allkeys-lru") -> Info:
    found = read_info(MEMORY.format(used=used, most=most, policy=policy))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("auth", "reply", "phase"),
    [
        pytest.param(None, "PONG", "", id="alive"),
        pytest.param("OK", "PONG", "", id="alive with a password"),
        pytest.param(ErrorReply("ERR no password is set"), "PONG", "", id="no password wanted"),
        pytest.param(None, ErrorReply("NOAUTH Authentication required."), "auth", id="password wanted"),
        pytest.param(ErrorReply("WRONGPASS invalid"), ErrorReply("NOAUTH x"), "auth", id="wrong password"),
        pytest.param(None, ErrorReply("NOPERM no permissions"), "auth", id="may not ask"),
        pytest.param(None, ErrorReply("LOADING Redis is loading"), "status", id="loads its dump"),
        pytest.param(None, ErrorReply("BUSY running a script"), "status", id="a script without end"),
        pytest.param(None, ErrorReply("MISCONF unable to persist"), "status", id="its disk is full"),
        pytest.param(None, "OK", "body", id="another answer"),
        pytest.param(None, 1, "body", id="a number"),
    ],
)  # fmt: skip
def test_who_is_at_fault(auth: Reply, reply: Reply, phase: str) -> None:
    found, reason = judge_pong(reply, auth)
    assert found == phase
    assert reason


def test_a_replica_is_told_and_a_primary_is_not() -> None:
    told = judge_role(["slave", "10.0.0.1", 6379, "connected", 42])
    assert told == "a replica of 10.0.0.1:6379, which takes no writes"
    assert judge_role(["master", 42, []]) == ""
    assert judge_role(ErrorReply("NOPERM")) == ""
    assert judge_role([]) == ""


def test_full_memory_says_what_it_costs() -> None:
    assert memory(98, 100).shortage == ""
    assert "keys go early" in memory(99, 100).shortage
    assert "writes are refused" in memory(101, 100, "noeviction").shortage
    assert memory(10**12, 0).shortage == ""
    assert memory(10**12, 0).ratio is None


def test_what_a_server_does_not_tell_is_unknown_and_never_zero() -> None:
    assert read_info(ErrorReply("NOPERM"), None) is None
    told = read_info("# Stats\r\nevicted_keys:x\r\n")
    assert told is not None
    assert (told.evicted, told.ratio, told.shortage) == (None, None, "")
    told = read_info("# Stats\r\nevicted_keys:7\r\n")
    assert told is not None
    assert told.evicted == 7


def test_any_byte_may_stand_in_a_password() -> None:
    assert (
        command("AUTH", "a b\r\né") == b"*2\r\n$4\r\nAUTH\r\n$7\r\na b\r\n\xc3\xa9\r\n"
    )
