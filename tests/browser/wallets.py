"""Wallets in the browser (EIP-6963) whose accounts the chain's node has: no page sees a key."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from browser.injecting import PROVIDER
from browser.network import Network
from browser.visitors import Visitor, visiting
from eth_typing import ChecksumAddress
from hexbytes import HexBytes
from playwright.sync_api import Browser

from zegel.chain.connection import Connection
from zegel.chain.raw import ask

_REJECTED = {"code": 4001, "message": "User rejected the request."}
_UNSUPPORTED = {"code": 4200, "message": "The method is not supported."}


@dataclass
class Wallet:
    """Answers as a wallet does; `bundles` says whether it sends many calls as one (EIP-5792).

    `patience` is how many transactions it confirms before it says no.
    """

    connection: Connection
    account: ChecksumAddress
    bundles: bool = False
    patience: int = 10**6
    sent: list[str] = field(default_factory=list)
    bundled: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, method: str, params: str) -> str:
        return json.dumps(self._answer(method, json.loads(params)))

    def _answer(self, method: str, params: Any) -> dict[str, Any]:
        match method:
            case "eth_requestAccounts" | "eth_accounts":
                return {"result": [self.account]}
            case "eth_chainId":
                return {"result": hex(self.connection.chain_id)}
            case "personal_sign":
                return {"result": ask(self.connection, method, *params)}
            case "eth_sendTransaction":
                return {"result": self._send(params[0])} if self._agrees() else self._no()
            case "wallet_getCapabilities" if self.bundles:
                chain = hex(self.connection.chain_id)
                return {"result": {chain: {"atomic": {"status": "supported"}}}}
            case "wallet_sendCalls" if self.bundles:
                return {"result": self._send_all(params[0])} if self._agrees() else self._no()
            case "wallet_getCallsStatus" if self.bundles:
                receipts = [self._receipt(one) for one in self.bundled[params[0]]]
                return {"result": {"status": 200, "receipts": receipts}}
        return {"error": _UNSUPPORTED}

    def _agrees(self) -> bool:
        self.patience -= 1
        return self.patience >= 0

    def _no(self) -> dict[str, Any]:
        return {"error": _REJECTED}

    def _send(self, transaction: dict[str, str]) -> str:
        # A node that is not told the gas takes all there is if it cannot estimate it.
        gas = ask(self.connection, "eth_estimateGas", transaction)
        told = {**transaction, "gas": gas}
        self.sent.append(str(ask(self.connection, "eth_sendTransaction", told)))
        return self.sent[-1]

    def _send_all(self, bundle: dict[str, Any]) -> dict[str, str]:
        assert bundle["atomicRequired"]
        name = f"bundle {len(self.bundled)}"
        calls = ({"from": bundle["from"], **call} for call in bundle["calls"])
        self.bundled[name] = []
        for call in calls:
            self.bundled[name].append(self._send(call))
            # The next one builds upon it.
            self.connection.web3.eth.wait_for_transaction_receipt(HexBytes(self.sent[-1]))
        return {"id": name}

    def _receipt(self, transaction: str) -> dict[str, str]:
        found = ask(self.connection, "eth_getTransactionReceipt", transaction)
        assert found["status"] == "0x1", f"the wallet's {transaction} failed"
        return {"blockNumber": found["blockNumber"], "status": found["status"]}


@contextmanager
def at_console(
    browser: Browser, network: Network, wallet: Wallet, size: dict[str, int], **wishes: Any
) -> Iterator[Visitor]:
    """Somebody who is signed in at the console by a wallet."""
    with visiting(browser, network, size, **wishes) as visitor:
        visitor.page.expose_function("__wallet", wallet.answer)
        visitor.page.add_init_script(PROVIDER)
        visitor.open("/console")
        visitor.press(re.compile("Test Wallet"))
        visitor.page.locator("nav.side").wait_for()
        yield visitor
