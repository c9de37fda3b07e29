// Files, both ways: the tray of what is about to be sent, with progress,
// cancelling and trying again; previews and downloads of what came. Loaded
// when the first file is seen.

import { picture, saveAs } from "../ui/picture";
import css from "./files.css";
import type { Api } from "./api";
import { adopt, drawing, el } from "./lent";
import type { FileInfo } from "./protocol";
import { files as en } from "./text.en.json";
import { files as ru } from "./text.ru.json";
import type { Say, Words } from "./words";

const WORDS = { ru, en };
type Key = keyof typeof ru;

interface Item {
  file: File;
  node: HTMLElement;
  state: "sending" | "done" | "failed";
  id: string;
  request?: XMLHttpRequest;
  settled(): void;
}

/** As many as one message may carry. */
const MOST = 10;
/** Why the server takes a file at no time: bots/webchat/protocol.md. */
const REFUSALS: Record<string, Key> = { file_kind: "wrongKind", file_empty: "empty" };
/** A preview is at most this wide and high, in pixels of the page. */
const PREVIEW = 400;

/** Gives the widget this module's styles; called once. */
export const dress = (root: ShadowRoot): void => adopt(root, css);

export class Tray {
  changed = (): void => {};
  readonly node: HTMLElement;
  readonly #note = el("div", { class: "note", role: "status" });
  readonly #list = el("ul", { class: "tray" });
  #items: Item[] = [];
  #waiting: (() => void)[] = [];
  readonly #say: Say<Key>;

  constructor(private readonly api: Api, private readonly words: Words, private readonly most: () => number) {
    this.#say = words.of(WORDS);
    this.#list.setAttribute("aria-label", this.#say("attachments"));
    this.node = el("div", {}, this.#note, this.#list);
    this.#list.hidden = true;
  }

  get count(): number { return this.#items.length; }

  add(files: File[]): void {
    const room = MOST - this.#items.length;
    this.#note.textContent = files.length > room ? this.#say("tooManyFiles", { max: MOST }) : "";
    for (const file of files.slice(0, room)) {
      const item: Item = { file, node: el("li"), state: "sending", id: "", settled: () => this.#settled() };
      this.#items.push(item);
      this.#list.append(item.node);
      this.#upload(item);
    }
    this.#settled();
  }

  clear(): void {
    for (const item of this.#items.splice(0)) item.node.remove();
    this.#settled();
  }

  /** Waits until nothing is under way; nothing if one of the files failed or all are gone. */
  async uploaded(): Promise<{ ids: string[]; names: string } | undefined> {
    while (this.#items.some((item) => item.state === "sending")) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (!this.#items.length || this.#items.some((item) => item.state === "failed")) return undefined;
    return { ids: this.#items.map((item) => item.id), names: this.#items.map((item) => item.file.name).join(", ") };
  }

  #upload(item: Item): void {
    const { file } = item;
    const status = el("span", { class: "size" });
    const bar = el("progress", { max: 100, "aria-label": file.name });
    const again = el("button", { type: "button", class: "again", hidden: true, click: () => this.#upload(item) }, this.words.say("retry"));
    item.node.replaceChildren(
      drawing("M6 3h8l5 5v13H6zM14 3v5h5"),
      el("span", { class: "name" }, file.name), status, again, bar,
      el("button", {
        type: "button", class: "icon", "aria-label": this.#say("remove", { name: file.name }),
        click: () => this.#remove(item),
      }, drawing("M6 6l12 12M18 6L6 18")));
    if (file.type.startsWith("image/")) {
      void picture(file, file.name, 40).then((canvas) => item.node.firstElementChild?.replaceWith(canvas), () => {});
    }
    const done = (state: Item["state"], text: string) => {
      item.state = state;
      status.textContent = text;
      bar.hidden = true;
      item.node.className = state;
      item.settled();
    };
    if (file.size > this.most()) return done("failed", this.#say("tooLarge", { max: size(this.most(), this.words) }));
    item.state = "sending";
    item.node.className = "";
    const failed = () => {
      again.hidden = false;
      done("failed", this.#say("uploadFailed"));
    };
    const progress = (loaded: number, total: number) => {
      bar.value = Math.floor(100 * loaded / (total || 1));
      status.textContent = this.#say("uploading", { n: bar.value });
    };
    progress(0, 1);
    // fetch cannot tell how far an upload is.
    const request = item.request = new XMLHttpRequest();
    request.upload.onprogress = (event) => progress(event.loaded, event.total);
    request.onload = () => {
      try {
        const refusal = REFUSALS[(JSON.parse(request.responseText) as { error?: string }).error ?? ""];
        if (refusal) return done("failed", this.#say(refusal));
        if (request.status >= 300) return failed();
        item.id = (JSON.parse(request.responseText) as { id: string }).id;
        done("done", this.#say("uploaded"));
      } catch { failed(); }
    };
    request.onerror = request.ontimeout = failed;
    request.open("POST", this.api.server + "/chat/files");
    for (const [name, value] of Object.entries(this.api.authority())) request.setRequestHeader(name, value);
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  }

  #remove(item: Item): void {
    if (item.request) {
      item.request.onload = item.request.onerror = null;
      item.request.abort();
    }
    item.node.remove();
    this.#items = this.#items.filter((other) => other !== item);
    this.#settled();
  }

  #settled(): void {
    this.#list.hidden = !this.#items.length;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.changed();
  }
}

/** What came with a message: each file a button that saves it, pictures with a preview. */
export function attached(list: FileInfo[], api: Api, words: Words, toast: (text: string) => void): Node[] {
  const say = words.of(WORDS);
  return list.map((file) => {
    const name = file.n || say("file");
    const button = el("button", { type: "button", class: "file", click: async () => {
      button.setAttribute("aria-busy", "true");
      await fetchFile(api, file.i).then((blob) => saveAs(blob, name)).catch(() => toast(say("downloadFailed")));
      button.removeAttribute("aria-busy");
    } },
      drawing("M6 3h8l5 5v13H6zM14 3v5h5"),
      el("span", { class: "name" }, el("span", { class: "hidden" }, say("download") + " "), name),
      el("span", { class: "size" }, size(file.z ?? 0, words)));
    if (file.p || /^image\/(jpeg|png|webp|gif)$/.test(file.t ?? "")) {
      // What does not become a picture stays a file to save.
      fetchFile(api, file.i).then((blob) => picture(blob, say("picture", { name }), PREVIEW)).then((canvas) => button.prepend(canvas), () => {});
    }
    return button;
  });
}

/** Fetches a file as the visitor; a link could not carry the token. */
async function fetchFile(api: Api, id: string): Promise<Blob> {
  const response = await fetch(`${api.server}/chat/files/${encodeURIComponent(id)}`, {
    headers: api.authority(), credentials: "omit",
  });
  if (!response.ok) throw new Error(`no file: ${response.status}`);
  return response.blob();
}

/** A size for people, in their language. */
function size(bytes: number, words: Words): string {
  const large = bytes >= 1 << 20;
  const n = bytes / (large ? 1 << 20 : 1024);
  return words.of(WORDS)(large ? "megabytes" : "kilobytes", {
    n: n.toLocaleString(words.language, { maximumFractionDigits: large && n < 10 ? 1 : 0 }),
  });
}
