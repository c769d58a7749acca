// What people chose on this device: language, light or dark, their own node.

import { Store } from "./store";

export const LANGUAGES = ["en", "nl", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export type Settings = { language: Language; theme: Theme; node: string };

const KEY = "zegel-settings";

export const settings = new Store<Settings>(load());

export function change(part: Partial<Settings>): void {
  settings.set({ ...settings.value, ...part });
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.value));
  } catch {
    // A browser that keeps nothing still shows what was chosen.
  }
}

function load(): Settings {
  const found = stored();
  return {
    language: LANGUAGES.find((one) => one === found.language) ?? preferred(),
    theme: THEMES.find((one) => one === found.theme) ?? "auto",
    node: typeof found.node === "string" ? found.node : "",
  };
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function preferred(): Language {
  const asked = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return asked.map((tag) => LANGUAGES.find((one) => one === tag)).find(Boolean) ?? "en";
}
