// Which parts of which contract the pages use. The build takes them from the compiled contracts.

export const ABIS = {
  TOKEN: {
    artifact: "PointToken",
    names: [
      "name", "symbol", "decimals", "expiries", "isFrozen", "nonces", "authorizationState",
      "transferable", "hasRole",
    ],
  },
  TOKEN_ISSUER: {
    artifact: "PointToken",
    names: ["award", "freeze", "unfreeze", "recover", "budgetOf", "totalSupply", "supplyByExpiry"],
  },
  EXCHANGE: { artifact: "PointExchange", names: ["programOf", "quote"] },
  EXCHANGE_ISSUER: {
    artifact: "PointExchange",
    names: [
      "setPrices", "setDailyLimits", "fund", "withdraw", "dailyLimitsOf", "dailyUseOf",
      "priceGuardsOf", "scheduledPricesOf",
    ],
  },
  DESK: {
    artifact: "OfflineDesk",
    names: ["spendable", "purseWord", "isSettled", "offlineWindow", "returnPurse"],
  },
  REGISTRY: { artifact: "IssuerRegistry", names: ["merchantName", "isMerchant"] },
  CHARTER: {
    artifact: "RewardCharter",
    names: ["CharterProposed", "charterOf", "partyOf", "ruleOf"],
  },
  MONEY: { artifact: "TestEuro", names: ["approve", "allowance", "balanceOf"] },
};
