// What the pages about people share: reading, doing, saying what went wrong.

import { useCallback, useEffect, useState } from "preact/hooks";
import { Failure } from "../api";
import { Icon } from "../icons";
import { inWords, say, type Key } from "../words";

/** Reads something, and again when asked; `failed` says why it is not there. */
export function useRead<T>(read: () => Promise<T>): { value: T | undefined; failed: string; again: () => Promise<void> } {
  const [value, set] = useState<T>();
  const [failed, fail] = useState("");
  const again = useCallback(async () => {
    try {
      set(await read());
      fail("");
    } catch (error) {
      fail(why(error));
    }
  }, []);
  useEffect(() => void again(), [again]);
  return { value, failed, again };
}

/** Does something once at a time; `error` says why it did not work. */
export function useDo(): { busy: boolean; error: string; run: (work: () => Promise<void>) => Promise<void>; say: (error: string) => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError("");
    try {
      await work();
    } catch (failure) {
      setError(why(failure));
    }
    setBusy(false);
  };
  return { busy, error, run, say: setError };
}

const reasons: Record<string, Key> = {
  wrong: "whyWrong", weak: "whyWeak", same: "whySame", required: "whyRequired", self: "whySelf", last_admin: "whyLast",
  login: "whyLogin", login_taken: "whyLoginTaken", name: "whyName", code: "whyTeamCode", team_used: "whyTeamUsed",
  team: "whyTeam", territory: "whyTerritory", visit_step: "whyVisitStep", visit_window: "whyVisitWindow", visit_unknown: "whyVisitUnknown", elsewhere: "whyElsewhere",
  account: "whyAccount", reason: "whyEndReason", casualty_final: "whyNotAgain", casualty_failed: "whyFailedAgain", casualty_nobody: "whyNobody", permission: "whyPermission", owes: "whyOwes", not_found: "whyGone",
  closure_period: "whyPeriod", closure_overlaps: "whyOverlaps", closure_unknown: "whyNoClosure", nothing_open: "whyNothingOpen",
  schedule_stale: "whyStale", closure_reason: "whyReason", rule: "whyRule", invalid: "whyInvalid",
};

/** What a refusal means to whoever reads it: in the server's words where it has some. */
export function why(failure: unknown): string {
  if (!(failure instanceof Failure) || failure.status === 0) return say("failedNetwork");
  if (failure.status === 429) return say("tooMany", { n: Math.max(1, Math.ceil(failure.retryAfter / 60)) });
  return inWords(failure.body.said as Record<string, string> | undefined) || say(reasons[failure.code] ?? "failedAction");
}

export function Trouble({ text }: { text: string }) {
  return <p class="trouble" role="alert">{text}</p>;
}

/** A password, which can be looked at. */
export function Password({ id, label, value, set, fresh = false }: { id: string; label: string; value: string; set: (value: string) => void; fresh?: boolean }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <label for={id}>{label}</label>
      <span class="secret">
        <input id={id} type={(shown ? "text" : "password") as "password"} value={value} autocomplete={fresh ? "new-password" : "current-password"} required
          onInput={(event) => set(event.currentTarget.value)} />
        <button type="button" class="text" aria-pressed={shown} onClick={() => setShown(!shown)}>{say(shown ? "hide" : "show")}</button>
      </span>
    </>
  );
}

/** Something that is shown once: it can be copied. */
export function Once({ label, lines }: { label: string; lines: string[] }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      setCopied(true);
    } catch { /* it can be typed from the screen */ }
  };
  return (
    <div class="once">
      <p class="meta">{label}</p>
      <ul class="codes">{lines.map((line) => <li key={line}><code>{line}</code></li>)}</ul>
      <button type="button" class="quiet" onClick={() => void copy()}><Icon name={copied ? "check" : "file"} />{say(copied ? "copied" : "copy")}</button>
    </div>
  );
}
