// Which page is shown: what stands behind the # in the address.

import { Store } from "./store";

export type Route = { page: string; parts: string[] };

export const route = new Store<Route>(current());

addEventListener("hashchange", () => route.set(current()));

export function go(path: string): void {
  location.hash = `#/${path}`;
}

export function back(): void {
  if (history.length > 1) history.back();
  else go("");
}

function current(): Route {
  const [page = "", ...parts] = location.hash.replace(/^#\/?/, "").split("/");
  return { page, parts: parts.map(unescaped) };
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
