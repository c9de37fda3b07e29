// Files on their way to the server.

import type { Api } from "./api";
import type { Uploaded } from "./protocol";
import type { Store } from "./store";
import type { Attachment } from "./state";

/** As many as one message may carry. */
export const MOST_FILES = 10;

export class Uploads {
  private under = new Map<string, { abort: () => void }>();
  private sources = new Map<string, File>();

  constructor(private readonly api: Api, private readonly store: Store, private readonly id: () => string) {}

  add(conversation: string, files: File[]): void {
    const room = MOST_FILES - (this.store.state.drafts[conversation]?.files.length ?? 0);
    const attachments = files.slice(0, Math.max(0, room)).map((file): Attachment => {
      const key = this.id();
      this.sources.set(key, file);
      return { key, name: file.name, type: file.type, size: file.size, state: "uploading", progress: 0, id: "", error: "" };
    });
    this.store.dispatch({ do: "attach", conversation, files: attachments });
    for (const { key } of attachments) this.upload(conversation, key);
  }

  remove(conversation: string, key: string): void {
    this.under.get(key)?.abort();
    this.under.delete(key);
    this.sources.delete(key);
    this.store.dispatch({ do: "detach", conversation, key });
  }

  upload(conversation: string, key: string): void {
    const file = this.sources.get(key);
    if (!file) return;
    this.under.set(key, bring(this.api, this.api.uploads, ["conversation", conversation], file, (change) => {
      if (change.state === "ready") this.sources.delete(key);
      if (change.state !== "uploading") this.under.delete(key);
      this.store.dispatch({ do: "attachment", conversation, key, change });
    }));
  }
}

/** Brings a file to the server, and says how far it is. `of`: the field before the
 * file, which says what it is for. What is aborted says nothing any more. */
export function bring(api: Api, url: string, of: [name: string, value: string], file: File, say: (change: Partial<Attachment>) => void): { abort: () => void } {
  let request: XMLHttpRequest;
  const failed = (error: string) => say({ state: "failed", error });
  const send = (renewed: boolean) => {
    // fetch cannot tell how far an upload is.
    request = new XMLHttpRequest();
    request.upload.onprogress = (event) => say({ state: "uploading", progress: Math.floor(100 * event.loaded / (event.total || 1)) });
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status < 300 && answer.id) {
        return say({ state: "ready", progress: 100, id: answer.id, name: answer.name ?? file.name, size: answer.size ?? file.size });
      }
      if (request.status === 403 && !renewed) return void api.renew().then(() => send(true), () => failed("network"));
      if (request.status === 401) api.expired(answer.why ?? "");
      failed(request.status === 413 ? "too_large" : answer.error || "refused");
    };
    request.onerror = () => failed("network");
    request.open("POST", url);
    request.setRequestHeader("X-CSRF-Token", api.csrf);
    const body = new FormData();
    body.append(...of);
    body.append("file", file);
    request.send(body);
  };
  say({ state: "uploading", progress: 0, error: "" });
  send(false);
  return { abort: () => request.abort() };
}

function parse(text: string): Partial<Uploaded> & { error?: string; why?: string } {
  try { return JSON.parse(text) as Uploaded; } catch { return {}; }
}
