// An act that may fail: while it is under way, and what went wrong, in words that say what to do.

import { useState } from "preact/hooks";

import { askToSign } from "../signing/asking";
import type { Message } from "../signing/messages";
import { faultOf } from "./confirm";

export function useAttempt() {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const attempt = async <T>(act: () => Promise<T>): Promise<T | null> => {
    setFault(null);
    setBusy(true);
    try {
      return await act();
    } catch (error) {
      setFault(faultOf(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { fault, isBusy, attempt };
}

// Has the member sign a message, and waits for what becomes of it; says whether it was signed.
export function useReview() {
  const { fault, attempt } = useAttempt();
  const review = async (make: () => Message | Promise<Message>, note?: string) =>
    (await attempt(async () => askToSign(await make(), { note }))) !== null;
  return { fault, attempt, review };
}
