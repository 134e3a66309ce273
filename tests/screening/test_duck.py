"""DuckDB's engine finds rows to be kept while the next expressions are built: nobody sees a difference but in time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest

from bosspick import open_room, screen
from bosspick.screening.duck import DuckEngine
from bosspick.screening.turns import meanwhile
from tests.screening.chance import policy_of, random_tables, write_tables
from tests.screening.test_feed import as_feed
from tests.screening.test_oracle import AS_OF


@pytest.fixture(params=[1, 2], ids=["one thread", "two threads"])
def engine(request: pytest.FixtureRequest) -> Iterator[DuckEngine]:
    with closing(DuckEngine(threads=request.param)) as opened:
        yield opened


def numbers(engine: DuckEngine, count: int = 5) -> ir.Table:
    return engine.rows("numbers", pa.table({"n": pa.array(range(count), pa.int64())}))


def test_rows_kept_one_after_the_other_are_read_in_that_order(engine: DuckEngine) -> None:
    kept = numbers(engine)
    for place in range(20):
        kept = engine.cache(f"kept_{place}", kept.mutate(n=kept.n + 1))
    assert engine.run(kept)["n"].tolist() == [20, 21, 22, 23, 24]


def test_a_name_kept_again_has_the_new_rows(engine: DuckEngine) -> None:
    first = engine.cache("same", numbers(engine).filter(ibis._.n < 2))
    assert len(engine.run(first)) == 2
    again = engine.cache("same", numbers(engine).filter(ibis._.n >= 2))
    assert engine.run(again)["n"].tolist() == [2, 3, 4]


def test_work_done_together_sees_what_was_kept_before_it_and_nothing_of_each_other(engine: DuckEngine) -> None:
    many = numbers(engine, 300_000)
    kept = engine.cache("kept", many.mutate(half=many.n // 2).distinct())

    def work(least: int) -> int:
        own = engine.cache("own", kept.filter(kept.n >= least))
        return len(engine.run(own))

    assert engine.together(work, [0, 100_000, 299_999]) == [300_000, 200_000, 1]


def test_whoever_is_left_at_work_has_the_threads_of_those_that_ended() -> None:
    def threads(engine: DuckEngine) -> int:
        return int(engine._open.execute("SELECT current_setting('threads')").fetchall()[0][0])

    with closing(DuckEngine(threads=3)) as engine:

        def work(item: int) -> int:
            """The first item waits until the other threads are its own, for half a minute at most."""
            until = time.monotonic() + 30
            while item == 0 and threads(engine) < 3 and time.monotonic() < until:
                with meanwhile():
                    time.sleep(0.01)
            return threads(engine)

        assert engine.together(work, [0, 1, 2, 3])[0] == 3
        assert threads(engine) == 3


def test_expressions_built_at_work_side_by_side_do_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ibis keeps what is equal for all threads together; nodes that come and go at once in several of them broke it."""
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    turn = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with closing(DuckEngine(threads=4)) as engine:
            rows = numbers(engine)
            known = rows.mutate(m=rows.n + 1)

            def work(item: int) -> int:
                for _ in range(2000):
                    assert rows.mutate(m=rows.n + 1).op() == known.op()
                return len(engine.run(known))

            assert engine.together(work, range(4)) == [5] * 4
    finally:
        sys.setswitchinterval(turn)
    assert not ignored


def test_two_screens_at_once_in_one_process_take_turns(tmp_path: Path) -> None:
    week = open_room(as_feed(write_tables(tmp_path, random_tables(3, offers=20), policy_of(Random(3))), 3)).week(as_of=AS_OF)
    alone = screen(week)
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: screen(week, reuse=True), range(4)):
            pd.testing.assert_frame_equal(found.verdicts, alone.verdicts)


def wrong(engine: DuckEngine) -> ir.Table:
    words = engine.rows("words", pa.table({"word": pa.array(["1", "one"])}))
    return words.select(n=words.word.cast("int64"))


def test_what_goes_wrong_shows_by_the_next_question_at_the_latest(engine: DuckEngine) -> None:
    good = numbers(engine)
    with pytest.raises(Exception, match="one"):  # noqa: PT012 - whichever of the two finds it
        engine.cache("kept", wrong(engine))
        engine.run(good)
    assert engine.run(good)["n"].tolist() == [0, 1, 2, 3, 4]


def test_what_goes_wrong_at_work_ends_that_work(engine: DuckEngine) -> None:
    def work(_: int) -> None:
        engine.cache("kept", wrong(engine))

    with pytest.raises(Exception, match="one"):
        engine.together(work, [1, 2])
    assert len(engine.run(numbers(engine))) == 5


def test_an_engine_closed_in_the_middle_can_be_used_again(engine: DuckEngine) -> None:
    many = numbers(engine, 200_000)
    for place in range(5):
        engine.cache(f"kept_{place}", many.mutate(half=many.n // 2).distinct())
    engine.close()
    assert engine.run(numbers(engine))["n"].tolist() == [0, 1, 2, 3, 4]
