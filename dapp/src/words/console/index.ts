// The console's words, which the other pages do without: import this before anything is said.

import { alsoSpeak } from "../index";
import { english } from "./en";

alsoSpeak(english, {
  en: async () => english,
  nl: async () => (await import("./nl")).dutch,
  fr: async () => (await import("./fr")).french,
});
