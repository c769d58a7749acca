// Parts of the page that are loaded when somebody opens them. The service worker has them already.

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { say } from "../words";

// `meanwhile` is shown until it is there; by default, that it is coming.
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: JSX.Element | null | undefined = undefined,
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [part, setPart] = useState<{ view: ComponentType<P> } | null>(
      loaded && { view: loaded },
    );
    useEffect(() => {
      if (part) return;
      void load().then((view) => {
        loaded = view;
        setPart({ view });
      });
    }, []);
    if (!part && meanwhile !== undefined) return meanwhile;
    if (!part) return <main id="content" class="page soft">{say("app.loading")}</main>;
    return <part.view {...props} />;
  };
}
