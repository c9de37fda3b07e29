// The chat, loaded when it is opened for the first time.

import tokens from "../ui/tokens.css?beyond=launcher.css";
import css from "./chat.css";
import { Api } from "./api";
import { Composer } from "./composer";
import { Conversation, type Draft } from "./conversation";
import { adopt, el } from "./lent";
import { Log } from "./log";
import type { Line } from "./link";
import { Panel } from "./panel";
import type { Expected } from "./protocol";
import type { Settings } from "./settings";
import { Store } from "./store";
import { Words, type Catalogue } from "./words";

/** What the launcher offers to the chat. */
export interface Host {
  readonly settings: Settings;
  readonly root: ShadowRoot;
  /** Name of what the browser keeps. */
  readonly key: string;
  toggle(open: boolean): void;
  /** Shows how many messages are unread; `name` says it after the button's label. */
  count(unread: number, name: string): void;
  tell(event: string, detail?: object): void;
}

export interface Chat {
  show(): void;
  hide(): void;
  speak(catalogue: Catalogue): void;
  identify(jwt: string): void;
  send(text: string): void;
}

/** A break is shown after this; shorter ones nobody has to know of. */
const BREAK = 2000;

export function start(host: Host, catalogue: Catalogue): Chat {
  const { settings, settings: { data } } = host;
  const words = new Words(settings.language, catalogue);
  const store = new Store(host.key);
  const api = new Api(settings.server);
  const title = document.title;
  adopt(host.root, tokens, css);

  // Modules that come when they are needed, each with its styles.
  const files = once(() => import("./files"));
  const forms = once(() => import("./forms"));
  let ui = build();
  let line: Line = "idle";
  let breaking = 0;
  let asked: Expected = "";

  const conversation = new Conversation(api, store, {
    entries: (entries, older, fresh) => {
      ui.log.add(entries, older);
      expect();
      if (!fresh) return;
      for (const entry of entries) {
        host.tell("message", { position: entry.position, kind: entry.kind, ...(entry.kind === "out" && { by: entry.by }) });
      }
    },
    reset: () => {
      ui.log.clear();
      expect();
    },
    pending: (pending) => {
      ui.log.pending(pending);
      expect();
    },
    settled: (id) => ui.log.remove(id),
    typing: () => ui.log.typing(),
    seen: (to) => ui.log.seen(to),
    toast: (text) => ui.panel.toast(text),
    more: (more) => ui.log.showMore(more),
    line: (now) => {
      line = now;
      showLine();
    },
    unread: (count) => {
      host.count(count, count ? ". " + words.say("unread", { n: count }) : "");
      if ("marker" in data) document.title = count ? `(${count}) ${title}` : title;
    },
    language: () => settings.language,
  });
  document.addEventListener("visibilitychange", watch);
  if (store.visitor || store.unsent().length) conversation.start();
  const [here, ticket] = location.href.split("#okoshko=");
  if (ticket) { // the address brings a conversation of another channel: once
    history.replaceState(null, "", here);
    conversation.say({ t: "arrive", ticket }, "");
  }

  function say(draft: Draft, text: string): void {
    conversation.say(draft, text);
    ui.log.toEnd();
  }

  function once<T extends { dress(root: ShadowRoot): void }>(load: () => Promise<T>): () => Promise<T> {
    let loading: Promise<T> | undefined;
    return () => loading ??= load().then((module) => {
      module.dress(host.root);
      return module;
    }, (error: unknown) => {
      loading = undefined;
      throw error;
    });
  }

  function build() {
    const composer = new Composer({
      words,
      limit: () => conversation.caps.text,
      say: (text) => say({ t: "say", text }, text),
      files: (ids, text, names) => say({ t: "files", files: ids, text }, text || names),
      typing: () => conversation.typing(),
      tray: async () => new (await files()).Tray(api, words, () => conversation.caps.upload),
    });
    const log = new Log({
      words,
      press: (choice, on, byKey) => {
        say({ t: "press", token: choice.t ?? "", on }, choice.l);
        if (byKey) composer.focus(); // what was pressed may be gone
      },
      copy: (text) => void copy(text),
      files: (list) => {
        const node = el("div", { class: "files" });
        files().then(({ attached }) => node.append(...attached(list, api, words, (text) => ui.panel.toast(text))),
          () => node.append(list.map((file) => file.n).join(", ")));
        return node;
      },
      retry: (id) => conversation.retry(id),
      discard: (id) => conversation.discard(id),
      earlier: () => conversation.earlier(),
    }, intro());
    const ask = el("div", { class: "asking" });
    const panel = new Panel(host.root, words, data.title ?? "", () => host.toggle(false), [log.node, ask, composer.node]);
    host.root.append(panel.node);
    drop(panel.node, (list) => void composer.attach(list));
    return { composer, log, panel, ask };

    async function copy(text: string): Promise<void> {
      try {
        await navigator.clipboard.writeText(text);
        panel.toast(words.say("copied"));
      } catch {
        panel.toast(text); // a page may forbid the clipboard: then it is there to be read out
      }
    }
  }

  function intro(): HTMLElement {
    const starters = data.starters?.split("|") ?? [words.say("menu")];
    return el("div", { class: "intro" },
      el("div", { class: "bubble" }, el("p", {}, data.greeting || words.say("greeting"))),
      el("div", { class: "choices" }, ...starters.map((text) => el("button", {
        type: "button", class: "choice", click: () => say({ t: "say", text }, text),
      }, text))),
      !!data.privacy && el("a", {
        class: "privacy", href: data.privacy, target: "_blank", rel: "noopener noreferrer",
      }, words.say("privacy")));
  }

  /** Fits the keyboard and the form above it to what the last message asks. */
  function expect(): void {
    const now = ui.log.expected;
    if (now === asked) return;
    asked = now;
    ui.composer.expect(now);
    ui.ask.replaceChildren();
    if (!["date", "contact", "location", "file"].includes(now)) return;
    void forms().then(({ form }) => {
      const node = asked === now && form(now, {
        words, say, pick: (camera) => ui.composer.pick(camera), toast: (text) => ui.panel.toast(text),
      });
      if (node) ui.ask.replaceChildren(node);
      ui.log.toEnd();
    }).catch(() => { asked = ""; });
  }

  function showLine(): void {
    clearTimeout(breaking);
    const { panel } = ui;
    const broken = line === "waiting" || line === "offline" || line === "refused";
    panel.state.textContent = words.say(line === "ready" ? line : broken ? "apart" : "connecting");
    if (!broken) {
      if (line === "ready" || line === "idle") panel.banner.textContent = "";
      return;
    }
    breaking = setTimeout(() => {
      panel.banner.textContent = words.say(line as "waiting" | "offline" | "refused");
    }, line === "waiting" ? BREAK : 0);
  }

  function watch(): void {
    conversation.watch(ui.panel.isOpen && !document.hidden);
  }

  return {
    show: () => {
      ui.panel.show();
      conversation.start();
      ui.log.toEnd();
      watch();
      // On a phone the field would bring up the keyboard over the conversation.
      if (matchMedia("(pointer: coarse)").matches) ui.panel.node.focus();
      else ui.composer.focus();
    },
    hide: () => {
      ui.panel.hide();
      watch();
    },
    identify: (jwt) => conversation.identify(jwt),
    send: (text) => say({ t: "say", text }, text),
    speak: (catalogue) => {
      words.language = settings.language;
      words.catalogue = catalogue;
      const { isOpen, node } = ui.panel;
      ui.panel.hide();
      node.remove();
      ui = build();
      asked = "";
      if (isOpen) ui.panel.show();
      conversation.speak(settings.language);
      showLine();
      watch();
    },
  };
}

/** Lets files fall onto the panel. Until they do, a browser does not show them. */
function drop(panel: HTMLElement, take: (files: File[]) => void): void {
  panel.ondragover = panel.ondrop = ({ type, dataTransfer: data }) => {
    const carried = !!data?.types.includes("Files");
    panel.classList.toggle("dropping", carried && type === "dragover");
    take([...data?.files ?? []]);
    return !carried;
  };
  panel.ondragleave = ({ relatedTarget: to }) => panel.classList.toggle("dropping", panel.contains(to as Node | null));
}
