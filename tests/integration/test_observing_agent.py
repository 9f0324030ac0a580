"""An agent's own look at the zones: built from its file, against a real broker."""

import asyncio
from pathlib import Path

import pytest

import deploy
from controller.broker_adapters import build_observer, observed_once
from controller.config.agent import load_agent
from health.votes import Says
from tests.contract.test_vote_bus import mosquitto
from tests.contract.vote_bus import until
from tests.mosquitto import PASSWORD, USER

EXAMPLE = Path(deploy.__file__).parent / "assets" / "agent.yaml"
NOBODY = "127.0.0.1:9"


def agent_file(home: Path, port: int) -> Path:
    (home / "secret").write_text(PASSWORD)
    text = EXAMPLE.read_text().replace("file:secrets/controller", "file:secret")
    path = home / "agent.yaml"
    path.write_text(
        f"""{text}
observe:
  broker: mqtt://127.0.0.1:{port}
  user: {USER}
  password: "file:secret"
  zones:
    b: {{database: "{NOBODY}", origin: "http://{NOBODY}", redis: "{NOBODY}"}}
"""
    )
    return path


@pytest.mark.lab
def test_the_check_names_what_it_cannot_see_and_that_the_broker_takes_it(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with mosquitto() as bed:
            file = load_agent(agent_file(tmp_path, bed.port))
            assert file.observe is not None
            found = await observed_once(build_observer(file, file.observe, tmp_path))
            told = dict(found)
            assert set(told) == {
                "sees b/database",
                "sees b/origin",
                "sees b/redis",
                "broker",
            }
            assert told["broker"] == ""
            assert all(told[name] for name in told if name != "broker")
            await bed.stop_broker()
            found = await observed_once(build_observer(file, file.observe, tmp_path))
            assert "refused" in dict(found)["broker"]

    asyncio.run(story())


@pytest.mark.lab
def test_an_agent_votes_that_what_does_not_answer_is_down(tmp_path: Path) -> None:
    async def story() -> None:
        async with mosquitto() as bed, bed.listening("daemon") as (daemon,):
            file = load_agent(agent_file(tmp_path, bed.port))
            assert file.observe is not None
            observer = build_observer(file, file.observe, tmp_path)
            task = asyncio.create_task(observer.run())
            try:
                await until(
                    lambda: any(
                        v.says.get("b/database") is Says.DOWN for v in daemon.votes
                    )
                )
            finally:
                task.cancel()
                await asyncio.wait({task})
            assert {v.observer for v in daemon.votes} == {"a"}
            assert daemon.votes[-1].says["b/redis"] is Says.DOWN

    asyncio.run(story())
