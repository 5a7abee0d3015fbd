"""The work queue against a model of its three rules, under any order of calls."""

import asyncio

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kubernel.client import RateLimitedQueue

KEYS = st.sampled_from("abc")


class QueueMachine(RuleBasedStateMachine):
    """Drives a queue by hand on a loop of its own; the model is three sets."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.queue: RateLimitedQueue[str] = RateLimitedQueue()
        self.wanted: set[str] = set()
        self.processing: set[str] = set()

    @rule(key=KEYS)
    def add(self, key: str) -> None:
        self.queue.add(key)
        self.wanted.add(key)

    @precondition(lambda self: self.wanted - self.processing)
    @rule()
    def take(self) -> None:
        key = self.loop.run_until_complete(asyncio.wait_for(self.queue.get(), 1))
        assert key in self.wanted
        assert key not in self.processing, "one key is with two workers"
        self.wanted.discard(key)
        self.processing.add(key)

    @precondition(lambda self: not self.wanted - self.processing)
    @rule()
    def take_in_vain(self) -> None:
        async def attempt() -> None:
            waiting = asyncio.create_task(self.queue.get())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not waiting.done(), "a key came from nowhere"
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

        self.loop.run_until_complete(attempt())

    @precondition(lambda self: self.processing)
    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.processing)))
        self.queue.done(key)
        self.processing.discard(key)

    @rule(key=KEYS)
    def count_failures(self, key: str) -> None:
        before = self.queue.failures(key)
        self.queue.forget(key)
        assert self.queue.failures(key) == 0 <= before

    @invariant()
    def waiting_keys_are_those_that_are_wanted_and_free(self) -> None:
        assert len(self.queue) == len(self.wanted - self.processing)

    def teardown(self) -> None:
        self.queue.shut_down()
        self.loop.close()


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
