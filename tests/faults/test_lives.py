"""a random life is told by its seed, whatever else the machine does"""

from faults.lives import Founded, Life


def test_a_seed_tells_a_life_again(founded: Founded) -> None:
    assert _lived(founded, 5) == _lived(founded, 5) != _lived(founded, 6)


def _lived(founded: Founded, seed: int) -> list[list[tuple[str, ...]]]:
    """What stands in the blocks of a life: who called what of which contract."""
    with founded.town() as town:
        life, base = Life(town, seed), town.height
        for _ in range(40):
            life.act(2)
            life.reorganise(2)
        return [
            _calls(town.anvil.rpc("eth_getBlockByNumber", hex(number), True))
            for number in range(base + 1, town.height + 1)
        ]


def _calls(block) -> list[tuple[str, ...]]:
    return [(one["from"], one["to"], one["input"][:10]) for one in block["transactions"]]
