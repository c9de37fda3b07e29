// What lies over the desk for a moment: help, a question, signing in again.

import { useLayoutEffect, useRef } from "preact/hooks";
import { focusComposer } from "./focus";
import { useDesk } from "./context";
import { keys, type Command } from "./keys";
import type { Handoff } from "./protocol";
import { endedText, SignInForm } from "./signin";
import type { Settings, State } from "./state";
import { say, type Key } from "./words";

/** A modal: the browser holds the focus in it and gives it back after. */
export function Sheet({ label, leave, children }: { label: string; leave?: () => void; children: preact.ComponentChildren }) {
  const sheet = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const open = sheet.current;
    open?.showModal();
    return () => open?.close();
  }, []);
  return (
    <dialog ref={sheet} class="sheet" aria-label={label}
      onCancel={(event) => { event.preventDefault(); leave?.(); }}
      // Browsers let a second Escape through in spite of the above.
      onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); leave?.(); } }}>
      {children}
    </dialog>
  );
}

const help: Record<Command, Key> = {
  next: "keyNext", previous: "keyPrevious", take: "keyTake", reply: "keyReply", note: "keyNote",
  return: "keyReturn", close: "keyClose", card: "keyCard", help: "keyHelp", leave: "keyLeave",
};

export function HelpSheet({ state }: { state: State }) {
  const desk = useDesk();
  const leave = () => desk.store.dispatch({ do: "sheet", sheet: "" });
  const { settings } = state;
  const set = (change: Partial<Settings>) => desk.store.dispatch({ do: "settings", change });
  return (
    <Sheet label={say("help")} leave={leave}>
      <h2>{say("keysTitle")}</h2>
      <p class="meta">{say("keysText")}</p>
      <dl class="keys">
        {keys.map(([, label, command]) => <div key={label}><dt><kbd>{label}</kbd></dt><dd>{say(help[command])}</dd></div>)}
        <div><dt><kbd>{settings.enter === "send" ? "Enter" : "Ctrl+Enter"}</kbd></dt><dd>{say("keySend")}</dd></div>
      </dl>
      <h2>{say("settings")}</h2>
      <label class="setting"><input type="checkbox" checked={settings.enter === "break"} onChange={(event) => set({ enter: event.currentTarget.checked ? "break" : "send" })} />{say("settingEnter")}</label>
      <label class="setting"><input type="checkbox" checked={settings.keys} onChange={(event) => set({ keys: event.currentTarget.checked })} />{say("settingKeys")}</label>
      <label class="setting"><input type="checkbox" checked={settings.sound} onChange={(event) => set({ sound: event.currentTarget.checked })} />{say("settingSound")}</label>
      <p class="choosing">
        <label>{say("scheme")} <select value={settings.scheme} onChange={(event) => set({ scheme: event.currentTarget.value as Settings["scheme"] })}>
          <option value="auto">{say("schemeAuto")}</option><option value="light">{say("schemeLight")}</option><option value="dark">{say("schemeDark")}</option>
        </select></label>
        <label>Language / Язык <select value={settings.language} onChange={(event) => set({ language: event.currentTarget.value as Settings["language"] })}>
          <option value="ru" lang="ru">Русский</option><option value="en" lang="en">English</option>
        </select></label>
      </p>
      <p class="buttons"><button type="button" class="act" onClick={leave}>{say("understood")}</button></p>
    </Sheet>
  );
}

export function CloseSheet({ handoff }: { handoff: Handoff }) {
  const desk = useDesk();
  const leave = () => desk.store.dispatch({ do: "sheet", sheet: "" });
  return (
    <Sheet label={say("closeTitle")} leave={leave}>
      <h2>{say("closeTitle")}</h2>
      <p>{say("closeText", { name: handoff.customer })}</p>
      <p class="buttons">
        <button type="button" class="act" onClick={() => { leave(); focusComposer(); }}>{say("closeReply")}</button>
        <button type="button" class="quiet" onClick={() => void desk.close(handoff)}>{say("closeAnyway")}</button>
      </p>
    </Sheet>
  );
}

export function SessionSheet({ login, ended }: { login: string; ended: string }) {
  return (
    <Sheet label={say("expiredTitle")}>
      <h2>{say("expiredTitle")}</h2>
      <p class="meta">{endedText(ended) || say("expiredText")} {say("expiredKept")}</p>
      <SignInForm login={login} />
    </Sheet>
  );
}
