// What every page does first: the right name of this machine, language, light or dark, and keeping
// itself for when there is no connection.

import { speak } from "../words";
import { settings } from "./settings";

export function dress({ hasPasskeys = true } = {}): void {
  // A passkey belongs to a name, and numbers are none.
  if (hasPasskeys && location.hostname === "127.0.0.1") {
    location.replace(location.href.replace("//127.0.0.1", "//localhost"));
    return;
  }
  const apply = () => {
    const { theme, language } = settings.value;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    void speak(language);
  };
  apply();
  settings.watch(apply);
  if ("serviceWorker" in navigator) {
    void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  }
}
