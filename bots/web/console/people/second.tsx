// Setting up a second factor: the square, a code of it, the recovery codes.

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import { say } from "../words";
import { Once, Password, Trouble, useDo } from "./parts";

/** Goes from the key to the recovery codes; `done` when those are kept. */
export function SetUpSecond({ ask, done, leave }: { ask: boolean; done: () => void; leave?: () => void }) {
  const { admin } = useDesk();
  const [password, setPassword] = useState("");
  const [key, setKey] = useState<{ key: string; squares: string[] }>();
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState<string[]>();
  const { busy, error, run } = useDo();
  const begin = () => run(async () => setKey(await admin.beginSecond(password)));
  const confirm = () => run(async () => setRecovery((await admin.confirmSecond(code)).recovery));
  useEffect(() => { if (!ask) void begin(); }, []);
  const submit = (work: () => Promise<void>) => (event: Event) => { event.preventDefault(); void work(); };

  if (recovery) {
    return (
      <div class="steps">
        <p>{say("recoveryText")}</p>
        <Once label={say("recoveryCodes")} lines={recovery} />
        <p class="buttons"><button type="button" class="act" onClick={done}>{say("recoveryKept")}</button></p>
      </div>
    );
  }
  if (!key) {
    return (
      <form class="steps credentials" onSubmit={submit(begin)}>
        {ask && <Password id="second-password" label={say("passwordNow")} value={password} set={setPassword} />}
        <Trouble text={error} />
        <p class="buttons">
          <button class="act" disabled={busy || (ask && !password)}>{say("continue")}</button>
          {leave && <button type="button" class="quiet" onClick={leave}>{say("cancel")}</button>}
        </p>
      </form>
    );
  }
  return (
    <form class="steps credentials" onSubmit={submit(confirm)}>
      <p>{say("secondScan")}</p>
      <Squares rows={key.squares} />
      <p class="meta">{say("secondType")} <code class="key">{key.key}</code></p>
      <label for="second-code">{say("secondCode")}</label>
      <input id="second-code" class="digits" value={code} inputMode="numeric" autocomplete="one-time-code" autoFocus required
        onInput={(event) => setCode(event.currentTarget.value)} />
      <Trouble text={error} />
      <p class="buttons">
        <button class="act" disabled={busy || !code.trim()}>{say("secondConfirm")}</button>
        {leave && <button type="button" class="quiet" onClick={leave}>{say("cancel")}</button>}
      </p>
    </form>
  );
}

/** A QR code, with the quiet zone of four squares that readers ask for. */
function Squares({ rows }: { rows: string[] }) {
  const path = rows.flatMap((row, y) => [...row].map((dark, x) => dark === "1" ? `M${x + 4} ${y + 4}h1v1h-1z` : "")).join("");
  const size = rows.length + 8;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={say("secondSquare")}>
      <path class="paper" d={`M0 0h${size}v${size}h-${size}z`} /><path d={path} />
    </svg>
  );
}
