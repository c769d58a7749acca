// Which parts of which contract the pages use. The build takes them from the compiled contracts.

// What is not the console's alone.
export const COMMON = {
  TOKEN: {
    artifact: "PointToken",
    names: [
      "name", "symbol", "decimals", "expiries", "isFrozen", "nonces", "authorizationState",
      "transferable", "hasRole",
    ],
  },
  EXCHANGE: {
    artifact: "PointExchange",
    names: ["programOf", "quote", "cashSwitchesOf", "convert"],
  },
  DESK: {
    artifact: "OfflineDesk",
    names: ["spendable", "purseWord", "isSettled", "offlineWindow", "returnPurse"],
  },
  REGISTRY: { artifact: "IssuerRegistry", names: ["merchantName", "isMerchant"] },
  CHARTER: {
    artifact: "RewardCharter",
    names: ["CharterProposed", "charterOf", "partyOf"],
  },
  MONEY: { artifact: "TestEuro", names: ["approve", "allowance", "balanceOf"] },
};

// What only the console uses; the other pages do not load it.
export const ISSUING = {
  TOKEN_ISSUER: {
    artifact: "PointToken",
    names: [
      "awardBatch", "freeze", "unfreeze", "recover", "budgetOf", "setBudget", "hasRole", "grantRole",
      "renounceRole", "balanceOf", "isFrozen",
    ],
  },
  EXCHANGE_ISSUER: {
    artifact: "PointExchange",
    names: [
      "programOf", "setPrices", "setDailyLimits", "setPriceGuards", "switchCash", "setCarryExpiry",
      "cancelScheduledPrices", "fund", "withdraw", "dailyLimitsOf", "priceGuardsOf", "cashSwitchesOf", "carriesExpiry",
    ],
  },
  REGISTRY_ISSUER: {
    artifact: "IssuerRegistry",
    names: [
      "isAccredited", "credentialOf", "accredit", "exchange", "tokenOf", "predictProgram",
      "createProgram",
    ],
  },
};

// Why contracts refuse what the console sends: all their errors, each once.
export const REFUSALS = ["PointToken", "PointExchange", "IssuerRegistry", "TestEuro"];
