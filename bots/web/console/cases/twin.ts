// Two tabs of one browser with the same form: each keeps what is typed for itself,
// so whoever types has to know of the other.

import { useEffect, useState } from "preact/hooks";

interface Word { form: string; say: "open" | "here" | "gone" }

/** Whether another tab has this form open, too. */
export function useTwin(form: string): boolean {
  const [twin, set] = useState(false);
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const channel = new BroadcastChannel("okoshko.case.forms");
    const tell = (say: Word["say"]) => channel.postMessage({ form, say } satisfies Word);
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.form !== form) return;
      set(data.say !== "gone");
      if (data.say === "open" || data.say === "gone") tell("here"); // a third may be there
    };
    const leave = () => tell("gone");
    addEventListener("pagehide", leave);
    tell("open");
    return () => {
      removeEventListener("pagehide", leave);
      leave();
      channel.close();
    };
  }, [form]);
  return twin;
}
