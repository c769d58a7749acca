// Looks again and again, until there is something to see or it has taken too long.

const PAUSE = 250;

export async function until<T>(patience: number, look: () => Promise<T | null>): Promise<T | null> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== null || Date.now() > end) return found;
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
}
