// What goes with an answer: the photo of a meter, a scan, a sheet with what was
// counted anew.

import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../context";
import { newID } from "../api";
import { Icon } from "../icons";
import type { Attachment } from "../state";
import { Tray } from "../tray";
import { MOST_FILES } from "../uploads";
import { say } from "../words";
import type { Enclosed } from "./api";
import type { Change, Typed } from "./drafts";

/** As much fits into a letter by mail: bots/console/api.md. */
const MOST_BYTES = 15 << 20;

/** Files of a draft that the server keeps. */
export const kept = (files: Enclosed[]): Attachment[] =>
  files.filter(({ lost }) => !lost).map(({ id, name, type, size }) => ({ key: id, id, name, type, size, state: "ready", progress: 100, error: "" }));

/** All of them are there, and fit into a letter. */
export const fit = (files: Attachment[]): boolean => files.every(({ state }) => state === "ready") && bytes(files) <= MOST_BYTES;

const bytes = (files: Attachment[]): number => files.reduce((sum, { size }) => sum + size, 0);

export function Enclosures({ number, files, change }: { number: string; files: Attachment[]; change: (next: Change<Typed>) => void }) {
  const { cases } = useDesk();
  const picker = useRef<HTMLInputElement>(null);
  const under = useRef(new Map<string, { file: File; abort: () => void }>());
  // What is under way belongs to this form: left, it is given up.
  useEffect(() => () => under.current.forEach(({ abort }) => abort()), []);
  const upload = (key: string, file: File) => {
    const { abort } = cases.enclose(number, file, (next) => change((old) => ({ files: (old.files ?? []).map((one) => one.key === key ? { ...one, ...next } : one) })));
    under.current.set(key, { file, abort });
  };
  const add = (list: FileList | null | undefined) => {
    const chosen = [...(list ?? [])].slice(0, Math.max(0, MOST_FILES - files.length)).map((file) => ({ key: newID(), file }));
    if (chosen.length === 0) return;
    change((old) => ({ files: [...(old.files ?? []), ...chosen.map(({ key, file }): Attachment => ({ key, name: file.name, type: file.type, size: file.size, state: "uploading", progress: 0, id: "", error: "" }))] }));
    for (const { key, file } of chosen) upload(key, file);
  };
  const remove = (key: string) => {
    under.current.get(key)?.abort();
    under.current.delete(key);
    change((old) => ({ files: (old.files ?? []).filter((one) => one.key !== key) }));
  };
  const again = (key: string) => {
    const source = under.current.get(key);
    if (source) upload(key, source.file);
  };
  return (
    <div class="enclosures">
      <input ref={picker} type="file" multiple hidden onChange={(event) => { add(event.currentTarget.files); event.currentTarget.value = ""; }} />
      <button type="button" class="text" disabled={files.length >= MOST_FILES} onClick={() => picker.current?.click()}><Icon name="attach" />{say("attach")}</button>
      <Tray files={files} again={again} remove={remove} />
      {bytes(files) > MOST_BYTES && <p class="lack" role="alert">{say("enclosuresLarge")}</p>}
      {files.length > 0 && <p class="hint">{say("enclosuresGo")}</p>}
    </div>
  );
}
