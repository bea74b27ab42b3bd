"""A database stays with the key that it began with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from actions.healing_map.encryption import WrongKey, use_secret
from actions.healing_map.key_check import check_key


def test_the_same_key_is_right_again(engine: Engine) -> None:
    check_key(engine)
    check_key(engine)


def test_another_key_is_noticed_and_does_not_take_the_place_of_the_first(engine: Engine) -> None:
    use_secret("the first secret")
    check_key(engine)
    use_secret("another secret.")
    for _ in range(2):
        with pytest.raises(WrongKey, match="TWH_SECRET_KEY is not the key that this database"):
            check_key(engine)
    use_secret("the first secret")
    check_key(engine)


def test_of_several_that_check_a_new_database_at_once_one_binds_it(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: check_key(engine), range(4)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM encryption_check")).scalar_one() == 1
