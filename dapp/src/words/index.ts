// Words by key, in the language that was chosen. A key that is missing in a language, or a hole
// that nothing fills, does not compile.

import { settings, type Language } from "../app/settings";
import { Store } from "../app/store";
import { en } from "./en";

export type Key = keyof typeof en;
export type Words = Record<Key, string>;


type Holes<S extends string> = S extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;
type Fillings<K extends Key> = [Holes<(typeof en)[K]>] extends [never]
  ? []
  : [Record<Holes<(typeof en)[K]>, string | number>];

// Keys whose words have no holes.
export type Bare = {
  [K in Key]: [Holes<(typeof en)[K]>] extends [never] ? K : never;
}[Key];

const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => en,
  nl: async () => (await import("./nl")).nl,
  fr: async () => (await import("./fr")).fr,
};

export const words = new Store<Words>(en);

export async function speak(language: Language): Promise<void> {
  const loaded = await loaders[language]();
  if (settings.value.language !== language) return;
  document.documentElement.lang = language;
  words.set(loaded);
}

export function say<K extends Key>(key: K, ...fillings: Fillings<K>): string {
  return filled(words.value[key], fillings[0] as Record<string, string | number> | undefined);
}

// The words of a key that is known only when the page runs, such as a refusal's.
export function sayAny(key: Key, fillings?: Record<string, string | number>): string {
  return filled(words.value[key], fillings);
}

function filled(text: string, fillings?: Record<string, string | number>): string {
  if (!fillings) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(fillings[name] ?? hole));
}
