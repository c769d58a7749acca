// Asks contracts. The node is asked by plain `eth_call`, many in one request; viem's own action for
// it brings much that these pages have no use for.

import {
  decodeFunctionResult, encodeFunctionData, type Abi, type Address, type Client,
  type ContractFunctionArgs, type ContractFunctionName, type ContractFunctionReturnType,
} from "viem";

type Views<A extends Abi> = ContractFunctionName<A, "view" | "pure">;

export type Call<
  A extends Abi,
  F extends Views<A>,
  Args extends ContractFunctionArgs<A, "view" | "pure", F>,
> = { address: Address; abi: A; functionName: F; args?: Args };

export async function readContract<
  const A extends Abi,
  F extends Views<A>,
  const Args extends ContractFunctionArgs<A, "view" | "pure", F>,
>(
  client: Client, { address, abi, functionName, args }: Call<A, F, Args>,
): Promise<ContractFunctionReturnType<A, "view" | "pure", F, Args>> {
  const data = encodeFunctionData({ abi, functionName, args } as never);
  const answer = await client.request({
    method: "eth_call",
    params: [{ to: address, data }, "latest"],
  } as never);
  return decodeFunctionResult({ abi, functionName, args, data: answer } as never) as never;
}

export type Block = { number: number; timestamp: number };

export async function latestBlock(client: Client): Promise<Block> {
  const block = (await client.request({
    method: "eth_getBlockByNumber",
    params: ["latest", false],
  } as never)) as { number: string; timestamp: string };
  const [number, timestamp] = [Number(block.number), Number(block.timestamp)];
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(timestamp)) {
    throw new Error("the node's block cannot be read");
  }
  return { number, timestamp };
}

export async function chainIdOf(client: Client): Promise<number> {
  return Number(await client.request({ method: "eth_chainId" } as never));
}
