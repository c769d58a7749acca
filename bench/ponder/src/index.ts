import { ponder } from "ponder:registry";
import { award, balance } from "ponder:schema";

ponder.on("Points:Transfer", async ({ event, context }) => {
  const { to: member, value: amount } = event.args;
  await context.db
    .insert(award)
    .values({ id: event.id, member, amount, block: event.block.number });
  await context.db
    .insert(balance)
    .values({ member, amount })
    .onConflictDoUpdate((row) => ({ amount: row.amount + amount }));
});
