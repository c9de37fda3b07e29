// Signing in, on an empty page and over a desk whose session ran out.

import { useRef, useState } from "preact/hooks";
import { Failure } from "./api";
import { useDesk } from "./context";
import { Sign } from "./icons";
import { say, type Key } from "./words";

const endings: Record<string, Key> = {
  own: "endedOwn", admin: "endedAdmin", password: "endedPassword", given: "endedGiven", roles: "endedRoles", second: "endedSecond", disabled: "endedDisabled", age: "endedAge",
};

/** Why a session is over, if somebody has ended it. */
export function endedText(why: string): string {
  const key = endings[why];
  return key ? say(key) : "";
}

export function SignIn({ ended }: { ended: string }) {
  return (
    <main class="sign-in">
      <Sign />
      <h1>{say("brand")}</h1>
      <p class="meta" role={ended ? "status" : undefined}>{endedText(ended) || say("signInText")}</p>
      <SignInForm />
    </main>
  );
}

export function SignInForm({ login = "" }: { login?: string }) {
  const [code, setCode] = useState(false);
  return code ? <CodeForm back={() => setCode(false)} /> : <PasswordForm login={login} code={() => setCode(true)} />;
}

function PasswordForm({ login, code }: { login: string; code: () => void }) {
  const desk = useDesk();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [caps, setCaps] = useState(false);
  const [shown, setShown] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    // The values are the fields': a password manager may fill them unheard.
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(form.get("username")).trim(), secret = String(form.get("password"));
    if (!name || !secret) return setError(say("signInEmpty"));
    setBusy(true);
    setError("");
    try {
      if (await desk.signIn(name, secret) === "code") return code();
    } catch (failure) {
      setError(why(failure));
      password.current?.focus();
      password.current?.select();
    }
    setBusy(false);
  };
  const watchCaps = (event: KeyboardEvent) => setCaps(event.getModifierState?.("CapsLock") ?? false);
  return (
    <form class="credentials" onSubmit={(event) => void submit(event)} noValidate>
      <label for="username">{say("login")}</label>
      <input id="username" name="username" defaultValue={login} autocomplete="username" autocapitalize="none" spellcheck={false} autoFocus={!login} required />
      <label for="password">{say("password")}</label>
      <span class="secret">
        <input id="password" ref={password} name="password" type={(shown ? "text" : "password") as "password"} autocomplete="current-password" autoFocus={!!login} required
          aria-describedby="caps sign-in-error" onKeyDown={watchCaps} onKeyUp={watchCaps} />
        <button type="button" class="text" aria-pressed={shown} onClick={() => setShown(!shown)}>{say(shown ? "hide" : "show")}</button>
      </span>
      <p id="caps" class="hint" role="status">{caps ? say("capsLock") : ""}</p>
      <p id="sign-in-error" class="trouble" role="alert">{error}</p>
      <button class="act" disabled={busy}>{say(busy ? "signingIn" : "signIn")}</button>
    </form>
  );
}

/** The second step: a code of the authenticator, or a recovery code. */
function CodeForm({ back }: { back: () => void }) {
  const desk = useDesk();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      return await desk.signInCode(field.current?.value ?? "");
    } catch (failure) {
      // Five minutes have gone by: the password is due again.
      if (failure instanceof Failure && failure.code === "session") return back();
      setError(failure instanceof Failure && failure.status === 401 ? say("codeWrong") : why(failure));
      field.current?.focus();
      field.current?.select();
    }
    setBusy(false);
  };
  return (
    <form class="credentials" onSubmit={(event) => void submit(event)} noValidate>
      <label for="code">{say("code")}</label>
      <input id="code" ref={field} class="digits" inputMode="text" autocomplete="one-time-code" autocapitalize="none" spellcheck={false} autoFocus required aria-describedby="code-hint code-error" />
      <p id="code-hint" class="meta">{say("codeHint")}</p>
      <p id="code-error" class="trouble" role="alert">{error}</p>
      <button class="act" disabled={busy}>{say(busy ? "signingIn" : "signIn")}</button>
      <button type="button" class="text" onClick={back}>{say("codeBack")}</button>
    </form>
  );
}

function why(failure: unknown): string {
  if (!(failure instanceof Failure) || failure.status === 0) return say("signInNetwork");
  if (failure.status === 429) return say("signInTooMany", { n: Math.max(1, Math.ceil(failure.retryAfter / 60)) });
  if (failure.status === 401) return say("signInWrong");
  return say(failure.status >= 500 ? "signInServer" : "signInRefused");
}
