"""Whatever is written and whenever somebody begins to watch: what the watcher was told adds up to what is there."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from kubernel.watch import Interest, Watcher

from tests.watch.cached import Cached, interest

NAMES, TEAMS = st.sampled_from("abcd"), st.sampled_from(["red", "blue"])
SELECTIONS = st.sampled_from(["", "team=red", "team!=red", "team in (red,blue)", "!team"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.tuples(NAMES, TEAMS), min_size=1, max_size=4)),
        st.tuples(st.just("delete"), NAMES),
        st.tuples(st.just("watch"), SELECTIONS),
        st.tuples(st.just("resume"), SELECTIONS, st.integers(0, 30)),
        st.tuples(st.just("restart"), st.none()),
    ),
    max_size=25,
)


class Follower:
    """A client: applies what it is told to its own picture."""

    def __init__(self, selection: Interest, watcher: Watcher, picture: set[str], revision: int) -> None:
        self.selection = selection
        self.watcher = watcher
        self.picture = picture
        self.revision = revision

    async def read(self) -> None:
        while self.watcher.has_events:
            for text in (await self.watcher.next(0)).splitlines():
                self._take(json.loads(text))

    def _take(self, event: dict) -> None:
        metadata = event["object"]["metadata"]
        revision, name = int(metadata["resourceVersion"]), metadata["name"]
        assert revision > self.revision or self.revision == 0, "a repeat, or out of order"
        self.revision = revision if self.revision else 0
        if event["type"] == "DELETED":
            assert name in self.picture, "told of the end of what it never saw"
            self.picture.discard(name)
        else:
            assert (name in self.picture) is (event["type"] == "MODIFIED")
            self.picture.add(name)


async def _run(steps: list, path: Path) -> None:
    cached = Cached(path)
    followers: list[Follower] = []
    pasts: list[dict[str, set[str]]] = []
    for step in steps:
        pasts.append(_pictures(cached))
        match step:
            case ("put", named):
                cached.put(*named)
            case ("delete", name) if name in cached.names(interest()):
                cached.delete(name)
            case ("watch", labels):
                selection = interest(labels)
                followers.append(Follower(selection, await cached.watch(selection, None), set(), 0))
            case ("resume", labels, back):
                selection, past = interest(labels), pasts[-min(back, len(pasts) - 1) - 1]
                since = int(next(iter(past["revision"])))
                watcher = await cached.watch(selection, since) if since else await cached.watch(selection, None)
                followers.append(Follower(selection, watcher, set(past[labels]) if since else set(), since))
            case ("restart", _):
                for follower in followers:
                    await follower.read()
                cached.reopen()
                followers.clear()
    for follower in followers:
        await follower.read()
        assert follower.picture == set(cached.names(follower.selection))
    cached.log.close()


def _pictures(cached: Cached) -> dict[str, set[str]]:
    labels = ["", "team=red", "team!=red", "team in (red,blue)", "!team"]
    return {text: set(cached.names(interest(text))) for text in labels} | {"revision": {str(cached.log.revision)}}


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_what_a_watcher_is_told_adds_up_to_what_is_there(steps: list) -> None:
    with TemporaryDirectory() as directory:
        asyncio.run(_run(steps, Path(directory) / "log.db"))
