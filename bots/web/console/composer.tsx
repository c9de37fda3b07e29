// Where a reply or a note is written. The two have fields, colours and buttons
// of their own: what is meant for colleagues must never reach a customer.

import { useLayoutEffect, useRef } from "preact/hooks";
import { Choices } from "./choices";
import { useDesk } from "./context";
import { Icon } from "./icons";
import { enter } from "./keys";
import type { Handoff } from "./protocol";
import { canReply, draftOf, type State } from "./state";
import { Tray } from "./tray";
import { MOST_FILES } from "./uploads";
import { say } from "./words";

const TALLEST = 220;

export function Composer({ state, handoff }: { state: State; handoff: Handoff }) {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { conversation } = handoff;
  const draft = draftOf(state, handoff);
  const note = draft.mode === "note";
  const may = canReply(state, handoff);
  const text = note ? draft.note : draft.reply;
  const uploading = !note && draft.files.some((file) => file.state === "uploading");
  const broken = !note && draft.files.some((file) => file.state === "failed");
  const ready = (text.trim() || (!note && draft.files.length > 0)) && !uploading && !broken;

  useLayoutEffect(() => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = Math.min(TALLEST, box.scrollHeight + 2) + "px";
  }, [text, note]);

  const attach = (files: FileList | null | undefined) => { if (files?.length) desk.uploads.add(conversation, [...files]); };
  const send = () => {
    if (!ready) return;
    desk.post(handoff);
    field.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const what = enter(event, state.settings.enter);
    if (!what) return;
    if (what === "break" && !event.ctrlKey && !event.metaKey) return; // the field does that by itself
    event.preventDefault();
    if (what === "send") return send();
    const box = event.target as HTMLTextAreaElement;
    box.setRangeText("\n", box.selectionStart, box.selectionEnd, "end");
    desk.edit(conversation, { [draft.mode]: box.value });
  };
  const mode = (wanted: "reply" | "note") => {
    desk.edit(conversation, { mode: wanted });
    field.current?.focus();
  };

  return (
    <form class={"composer " + draft.mode} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <div class="modes" role="group" aria-label={say("mode")}>
        {may && <button type="button" aria-pressed={!note} onClick={() => mode("reply")}>{say("modeReply")}</button>}
        <button type="button" aria-pressed={note} onClick={() => mode("note")}><Icon name="lock" />{say("modeNote")}</button>
        {note && <span class="warning">{say("noteWarning")}</span>}
      </div>
      {!note && <Tray files={draft.files} again={(key) => desk.uploads.upload(conversation, key)} remove={(key) => desk.uploads.remove(conversation, key)} />}
      {!note && draft.choices && <Choices conversation={conversation} choices={draft.choices} />}
      <textarea id="composer" ref={field} rows={2} value={text} maxLength={4000}
        aria-label={say(note ? "noteField" : "replyField", { name: handoff.customer })}
        placeholder={say(note ? "notePlaceholder" : "replyPlaceholder")}
        onInput={(event) => desk.edit(conversation, { [draft.mode]: event.currentTarget.value })}
        onKeyDown={key}
        onPaste={(event) => {
          if (note || !event.clipboardData?.files.length) return;
          event.preventDefault();
          attach(event.clipboardData.files);
        }} />
      <div class="tools">
        {!note && (
          <>
            <input ref={picker} type="file" multiple hidden onChange={(event) => { attach(event.currentTarget.files); event.currentTarget.value = ""; }} />
            <button type="button" class="plain" disabled={draft.files.length >= MOST_FILES} aria-label={say("attach")} title={say("attach")}
              onClick={() => picker.current?.click()}><Icon name="attach" /></button>
            <button type="button" class="plain" aria-pressed={!!draft.choices} aria-label={say("choices")} title={say("choicesHint")}
              onClick={() => desk.edit(conversation, { choices: draft.choices ? undefined : [""] })}><Icon name="button" /></button>
          </>
        )}
        <span class="hint">{say(uploading ? "hintUploading" : broken ? "hintBroken" : state.settings.enter === "send" ? "hintEnter" : "hintControl")}</span>
        <button type="submit" class="act" aria-disabled={!ready}><Icon name={note ? "lock" : "send"} />{say(note ? "saveNote" : "send")}</button>
      </div>
    </form>
  );
}
