// Words by key, in the language that was chosen. A key that is missing in a language, or a hole
// that nothing fills, does not compile.

import { settings, type Language } from "../app/settings";
import { Store } from "../app/store";
import type { english as ofConsole } from "./console/en";
import { en } from "./en";

type English = typeof en & typeof ofConsole;
export type Key = keyof English;
export type Words = Record<Key, string>;
export type Common = Record<keyof typeof en, string>;
export type OfConsole = Record<keyof typeof ofConsole, string>;

type Holes<S extends string> = S extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;
type Fillings<K extends Key> = [Holes<English[K]>] extends [never]
  ? []
  : [Record<Holes<English[K]>, string | number>];

// Keys whose words have no holes.
export type Bare = {
  [K in Key]: [Holes<English[K]>] extends [never] ? K : never;
}[Key];

type Dictionary = Readonly<Partial<Words>>;
type Loaders = Record<Language, () => Promise<Dictionary>>;

const dictionaries: Loaders[] = [
  {
    en: async () => en,
    nl: async () => (await import("./nl")).nl,
    fr: async () => (await import("./fr")).fr,
  },
];

// Whoever says a word of a dictionary has loaded it.
export const words = new Store<Words>(en as Dictionary as Words);

// Adds the words of a page that the others do without.
export function alsoSpeak(english: Dictionary, loaders: Loaders): void {
  dictionaries.push(loaders);
  words.set({ ...words.value, ...english });
}

export async function speak(language: Language): Promise<void> {
  const loaded = await Promise.all(dictionaries.map((one) => one[language]()));
  if (settings.value.language !== language) return;
  document.documentElement.lang = language;
  words.set(Object.assign({}, ...loaded) as Words);
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
