// When points expire, as `contracts/libraries/Calendar.sol` has it: months in UTC, epochs from
// January on.

export type Life = {
  // The second at which points that are awarded now expire.
  expiresAt: number;
  // Whole months that a point lives, at least and at most.
  least: number;
  most: number;
};

// None if points never expire.
export function lifeOf(months: number, lifetime: number, now: number): Life | null {
  if (months === 0) return null;
  const date = new Date(now * 1000);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const end = (Math.floor(month / months) + lifetime) * months;
  return {
    expiresAt: Date.UTC(Math.floor(end / 12), end % 12, 1) / 1000,
    least: (lifetime - 1) * months,
    most: lifetime * months,
  };
}
