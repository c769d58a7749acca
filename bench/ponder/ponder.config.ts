import { createConfig } from "ponder";

const transfer = {
  type: "event",
  name: "Transfer",
  inputs: [
    { name: "from", type: "address", indexed: true },
    { name: "to", type: "address", indexed: true },
    { name: "value", type: "uint256", indexed: false },
  ],
} as const;

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL },
  chains: { local: { id: 31337, rpc: process.env.PONDER_RPC } },
  contracts: {
    Points: {
      chain: "local",
      abi: [transfer],
      address: process.env.PONDER_TOKEN as `0x${string}`,
      startBlock: Number(process.env.PONDER_FIRST_BLOCK),
    },
  },
});
