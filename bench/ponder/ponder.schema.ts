import { onchainTable } from "ponder";

export const award = onchainTable("award", (t) => ({
  id: t.text().primaryKey(),
  member: t.hex().notNull(),
  amount: t.bigint().notNull(),
  block: t.bigint().notNull(),
}));

export const balance = onchainTable("balance", (t) => ({
  member: t.hex().primaryKey(),
  amount: t.bigint().notNull(),
}));
