"""The real service, killed at random moments while it sells and settles: no accepted sale is lost,
and none is paid twice. What was accepted is counted by the cash register, not by the till."""

import random
import signal
import time
from threading import Thread

import httpx
import pytest
from package.till.shops import ENOUGH, answered
from support.tills import Running

from zegel.till.carrying import Own
from zegel.till.opening import Rules, open_till
from zegel.till.queue import read_queue
from zegel.till.requests import request_of
from zegel.till.settings import Settings, save
from zegel.till.settling import settle

PRICE = 10


class Register:
    """A cash register that sells as fast as the till takes, until the till is gone."""

    def __init__(self, member):
        self.member, self.accepted, self.sold = member, {}, 0

    def sell(self, client):
        while True:
            try:
                self._one(client)
            except (httpx.TransportError, httpx.RemoteProtocolError):
                return

    def _one(self, client):
        """Asks again for the same sale until it is accepted, as a cash register would."""
        order = {"program": "SHOP", "amount": str(PRICE), "reference": f"order-{self.sold}"}
        asked = client.post("/v1/sales", json=order)
        if asked.status_code != 201:
            time.sleep(0.02)
            return
        sale = asked.json()
        if sale["state"] == "asked":
            text = answered(self.member, request_of(sale["request"])).text()
            taken = client.post("/v1/answers", json={"text": text})
            if taken.status_code != 200:
                time.sleep(0.02)
                return
            sale = taken.json()
        self.accepted[sale["serial"]] = sale["receipt"]
        self.sold += 1


@pytest.fixture
def device(shops, shop, member, tmp_path):
    """The till's folder on the device, whose clock is the real one."""
    shops.anvil.move_to(int(time.time()) - 60)
    shops.set_aside(member, 10_000, shop.merchant.address)
    limits = {shops.token(): ENOUGH}
    settings = Settings(shop.place, Rules(limits, limits))
    folder = tmp_path / "device"
    folder.mkdir()
    save(folder, settings)
    return folder, settings


def killed_often(shops, shop, member, folder, kills, chance):
    """Runs the service, sells, and kills it; returns what the cash register counted."""
    register = Register(member)
    for _ in range(kills):
        running = Running(
            folder,
            shops.anvil.url,
            shops.book.path.parent,
            shop.device.address,
            "--settle-after=0",
            "--sync-every=1",
        )
        client = running.client()
        seller = Thread(target=register.sell, args=(client,))
        seller.start()
        time.sleep(chance.uniform(0.2, 2.5))
        running.end(signal.SIGKILL)
        seller.join(timeout=60)
        client.close()
        kept = {record.hash for record in read_queue(folder / "queue.jsonl")}
        assert set(register.accepted.values()) <= kept
    return register


def check(shops, shop, member, device, kills, seed):
    folder, settings = device
    register = killed_often(shops, shop, member, folder, kills, random.Random(seed))
    assert len(register.accepted) > kills

    clock = lambda: int(time.time())  # noqa: E731
    with open_till(folder, settings.place, settings.rules, clock) as till:
        settle(till, shops.suite, Own(shop.device))
        sales = till.sales.taken
        assert {sale.state for sale in sales.values()} == {"paid"}
        assert register.accepted.items() <= {s: sale.receipt for s, sale in sales.items()}.items()
        # One more may have been accepted by each killed one, which nobody was told.
        assert len(sales) <= len(register.accepted) + kills
        references = [sale.reference for sale in sales.values()]
        assert len(set(references)) == len(references)
    since = shops.suite.first_block
    settled = shops.suite.desk.events.VoucherSettled().get_logs(from_block=since)
    assert sorted(event["args"]["serial"] for event in settled) == sorted(sales)
    assert shops.balance(shop.merchant) == PRICE * len(sales)


def test_a_killed_service_loses_no_accepted_sale(shops, shop, member, device):
    check(shops, shop, member, device, kills=6, seed=1)


@pytest.mark.deep
def test_a_service_killed_fifty_times_loses_no_accepted_sale(shops, shop, member, device):
    check(shops, shop, member, device, kills=50, seed=2)
