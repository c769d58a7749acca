// Browsers that can install the page as an app say so, once.

import { Store } from "../app/store";

type InstallEvent = Event & { prompt(): Promise<unknown> };

export const canInstall = new Store(false);

let offered: InstallEvent | null = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event as InstallEvent;
  canInstall.set(true);
});

export async function install(): Promise<void> {
  await offered?.prompt();
  offered = null;
  canInstall.set(false);
}
