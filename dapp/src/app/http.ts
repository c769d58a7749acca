// Asks the API. What it refuses comes back as an error with the words that it gave.

const PATIENCE = 10_000;

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    detail: string,
    // What to tell the member, where the till says so.
    readonly member: string | null = null,
  ) {
    super(detail);
  }
}

// The network is away, or the server is: nothing was said.
export class Unreachable extends Error {}

export async function fetched(path: string, options: RequestInit = {}): Promise<any> {
  let answer: Response;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    answer = await fetch(path, { signal, credentials: "same-origin", ...options });
  } catch {
    throw new Unreachable("no connection");
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw refusal(answer.status, body);
  if (body === null && answer.status !== 204) throw new Unreachable("no answer");
  return body;
}

export async function posted(path: string, content: unknown, method = "POST"): Promise<any> {
  const headers = { "Content-Type": "application/json" };
  return fetched(path, { method, headers, body: JSON.stringify(content) });
}

function refusal(status: number, body: any): Error {
  const detail = body?.detail ?? body?.title;
  if (typeof detail !== "string") return new Refused(status, "unknown", `error ${status}`);
  const kind = String(body.type ?? "").replace("urn:zegel:", "");
  return new Refused(status, kind, detail, typeof body.member === "string" ? body.member : null);
}
