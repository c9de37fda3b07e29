// Files on their way to the server.

import type { Api } from "./api";
import type { Uploaded } from "./protocol";
import type { Store } from "./store";
import type { Attachment } from "./state";

/** As many as one message may carry. */
export const MOST_FILES = 10;

export class Uploads {
  private under = new Map<string, XMLHttpRequest>();
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

  upload(conversation: string, key: string, renewed = false): void {
    const file = this.sources.get(key);
    if (!file) return;
    const change = (change: Partial<Attachment>) => this.store.dispatch({ do: "attachment", conversation, key, change });
    const failed = (error: string) => change({ state: "failed", error });
    change({ state: "uploading", progress: 0, error: "" });
    // fetch cannot tell how far an upload is.
    const request = new XMLHttpRequest();
    this.under.set(key, request);
    request.upload.onprogress = (event) => change({ progress: Math.floor(100 * event.loaded / (event.total || 1)) });
    request.onload = () => {
      this.under.delete(key);
      const answer = parse(request.responseText);
      if (request.status < 300 && answer.id) {
        this.sources.delete(key);
        return change({ state: "ready", progress: 100, id: answer.id, name: answer.name ?? file.name, size: answer.size ?? file.size });
      }
      if (request.status === 403 && !renewed) {
        void this.api.renew().then(() => this.upload(conversation, key, true), () => failed("network"));
        return;
      }
      if (request.status === 401) this.api.expired();
      failed(request.status === 413 ? "too_large" : answer.error || "refused");
    };
    request.onerror = () => failed("network");
    request.open("POST", this.api.uploads);
    request.setRequestHeader("X-CSRF-Token", this.api.csrf);
    const body = new FormData();
    body.append("conversation", conversation);
    body.append("file", file);
    request.send(body);
  }
}

function parse(text: string): Partial<Uploaded> & { error?: string } {
  try { return JSON.parse(text) as Uploaded; } catch { return {}; }
}
