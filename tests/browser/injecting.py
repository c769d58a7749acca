"""A wallet in the browser (EIP-6963), whose keys the node has: the page never sees one."""

import json
from typing import Any

from browser.doorway import whole_numbers
from browser.town import Town
from playwright.sync_api import Page

from zegel.chain.messages import message_of

# Announces a wallet whose every answer comes from `window.__wallet`.
PROVIDER = """
(() => {
  const listeners = {};
  window.__emit = (event, value) => (listeners[event] ?? []).forEach((one) => one(value));
  const provider = {
    async request({ method, params }) {
      const answer = JSON.parse(await window.__wallet(method, JSON.stringify(params ?? [])));
      if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
    on(event, listener) { (listeners[event] ??= []).push(listener); },
  };
  const info = { uuid: "4f1c", name: "Test Wallet", rdns: "example.wallet", icon: "data:," };
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", {
    detail: Object.freeze({ info, provider }),
  }));
  addEventListener("eip6963:requestProvider", announce);
  announce();
})();
"""

_REJECTED = {"error": {"code": 4001, "message": "User rejected"}}


class Injected:
    """The wallet of the member's account, or of another one that its owner chooses."""

    def __init__(self, town: Town) -> None:
        self.town, self.chain, self.rejects = town, 31337, False
        # Whether it sends many calls as one (EIP-5792).
        self.bundles = False
        self.accounts = [town.sender("member").address]
        self.calls: list[str] = []
        self.watched: list[Any] = []

    def install(self, page: Page) -> None:
        """Has a page find the wallet, from when it is opened."""
        page.expose_function("__wallet", self.answer)
        page.add_init_script(PROVIDER)

    def answer(self, method: str, params: str) -> str:
        self.calls.append(method)
        if self.rejects and method in ("eth_signTypedData_v4", "eth_sendTransaction"):
            return json.dumps(_REJECTED)
        return json.dumps(self._answer(method, json.loads(params)))

    def _answer(self, method: str, params: Any) -> Any:
        if method in ("eth_requestAccounts", "eth_accounts"):
            return {"result": self.accounts}
        if method == "eth_chainId":
            return {"result": hex(self.chain)}
        if method == "wallet_switchEthereumChain":
            return {"error": {"code": 4902, "message": "Unrecognized chain"}}
        if method == "wallet_addEthereumChain":
            self.chain = int(params[0]["chainId"], 16)
            return {"result": None}
        if method == "wallet_watchAsset":
            self.watched.append(params)
            return {"result": not self.rejects}
        if method == "eth_sendTransaction":
            return {"result": self.town.anvil.rpc(method, params[0])}
        if method == "wallet_getCapabilities" and self.bundles:
            return {"result": {hex(self.chain): {"atomic": {"status": "supported"}}}}
        if method == "wallet_sendCalls" and self.bundles:
            for call in params[0]["calls"]:
                self._carry_out({"from": params[0]["from"], **call})
            return {"result": {"id": "0x01"}}
        if method == "wallet_getCallsStatus" and self.bundles:
            return {"result": {"status": 200, "receipts": []}}
        if method == "eth_signTypedData_v4":
            message = message_of(whole_numbers(json.loads(params[1])))
            sender = next(
                self.town.sender(role)
                for role in ("member", "friend")
                if self.town.sender(role).address == params[0]
            )
            return {"result": "0x" + sender.sign(message).hex()}
        return {"error": {"code": 4200, "message": f"{method} is not supported"}}

    def _carry_out(self, transaction: dict[str, str]) -> None:
        """Sends one of several, which the next one builds upon."""
        receipt: Any = self.town.anvil.rpc("eth_sendTransactionSync", transaction)
        assert receipt["status"] == "0x1"
