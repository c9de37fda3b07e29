// The line to the server: a socket, or long polls where sockets are blocked.
// It comes back by itself for as long as the page lives; what has to be said
// again on a new connection the receiver knows.

import { Api, Refusal } from "./api";
import type { Polls } from "./polls";
import type { ClientFrame, Position, Said, ServerFrame, Session } from "./protocol";

export type Line = "idle" | "connecting" | "ready" | "waiting" | "offline" | "refused";

export interface Receiver {
  /** A session was opened, for a new visitor if it carries a token. */
  opened(session: Session): void;
  frame(frame: ServerFrame): void;
  line(line: Line): void;
  /** The last position that is known. */
  after(): Position;
  /** What is not acknowledged, in order. */
  unsent(): Said[];
  language(): string;
}

/** Sockets are given up after two that failed although the server answers. */
const BLOCKED = 2;
/** Then they are tried again after three minutes. */
const SOCKETS_AGAIN = 180_000;
const WAIT_MIN = .5, WAIT_MAX = 30;

export class Link {
  #running = false;
  #failures = 0;
  #blocked = 0;
  #socketsAt = 0;
  #socket: WebSocket | undefined;
  #polls: Polls | undefined;
  #wake = () => {};
  #cut = () => {};
  #identity = "";

  constructor(private readonly api: Api, private readonly receiver: Receiver) {
    addEventListener("online", () => this.restart());
    addEventListener("offline", () => this.#cut());
    addEventListener("pageshow", (event) => { if (event.persisted) this.restart(); });
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run();
  }

  /** Drops the connection, if there is one, and connects at once. */
  restart(): void {
    this.#failures = 0;
    this.#cut();
    this.#wake();
  }

  identify(jwt: string): void {
    this.#identity = jwt;
    if (this.#running) this.restart();
    else this.start();
  }

  /** Sends now if there is a connection. What is owed is sent again on the next. */
  send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
    else this.#polls?.send(frame);
  }

  async #run(): Promise<void> {
    for (;;) {
      let wait = 0;
      try {
        if (!this.#failures) this.receiver.line("connecting");
        const session = await this.#open();
        wait = this.#blocked < BLOCKED || Date.now() > this.#socketsAt
          ? await this.#overSocket(session)
          : await this.#overPolls();
      } catch (error) {
        if (error instanceof Refusal) {
          wait = error.after * Math.random();
          if (error.status === 403) {
            this.receiver.line("refused");
            await this.#pause(600);
            continue;
          }
        }
      }
      const spread = Math.min(WAIT_MAX, WAIT_MIN * 2 ** this.#failures);
      this.#failures++;
      this.receiver.line(navigator.onLine ? "waiting" : "offline");
      await this.#pause(Math.max(wait, WAIT_MIN + Math.random() * (spread - WAIT_MIN)));
    }
  }

  async #open(): Promise<Session> {
    const identity = this.#identity;
    this.#identity = ""; // it is good once
    try {
      const session = await this.api.session(this.receiver.language(), identity);
      this.receiver.opened(session);
      return session;
    } catch (error) {
      // Refused for good, or not asked at all.
      if ((error as Refusal).status !== 401) this.#identity ||= identity;
      throw error;
    }
  }

  /** Lives on a socket until it ends; resolves to the seconds to wait before the next. */
  #overSocket(session: Session): Promise<number> {
    return new Promise((resolve) => {
      const address = `${this.api.server.replace(/^http/, "ws")}/chat/socket?ticket=${encodeURIComponent(session.ticket)}`;
      const socket = new WebSocket(address, "okoshko.v1");
      let proved = false; // the server has said something
      let heard = Date.now();
      let wait = 0;
      const end = () => {
        clearInterval(pulse);
        clearTimeout(patience);
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        this.#socket = undefined;
        this.#cut = () => {};
        if (!proved && navigator.onLine && ++this.#blocked >= BLOCKED) {
          this.#socketsAt = Date.now() + SOCKETS_AGAIN;
          this.#failures = 0;
        }
        resolve(wait);
      };
      // A dead network closes nothing: silence is what tells.
      const pulse = setInterval(() => {
        if (Date.now() - heard > session.heartbeat * 2000) end();
        else this.send({ t: "ping" });
      }, session.heartbeat * 1000);
      const patience = setTimeout(end, 10_000);
      this.#cut = end;
      this.#socket = socket;
      socket.onopen = () => {
        this.send({ t: "hello", after: this.receiver.after() });
        for (const frame of this.receiver.unsent()) this.send(frame);
      };
      socket.onmessage = (event) => {
        clearTimeout(patience);
        proved = true;
        heard = Date.now();
        const frame = read(event.data);
        if (!frame) return;
        if (frame.t === "live") this.#connected();
        if (frame.t === "bye") {
          wait = (frame.retry_after ?? 0) * Math.random();
          return end();
        }
        this.receiver.frame(frame);
      };
      socket.onclose = end;
    });
  }

  /** Polls until that fails, or until sockets deserve another try. */
  async #overPolls(): Promise<number> {
    const { Polls } = await import("./polls");
    const polls = this.#polls = new Polls(this.api, this.receiver, () => this.#connected());
    this.#cut = () => polls.end();
    try {
      const wait = await polls.run(this.#socketsAt);
      this.#failures = 0;
      return wait;
    } finally {
      this.#polls = undefined;
      this.#cut = () => {};
    }
  }

  #connected(): void {
    this.#failures = 0;
    if (this.#socket) this.#blocked = 0;
    this.receiver.line("ready");
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function read(data: unknown): ServerFrame | undefined {
  try {
    const frame = JSON.parse(String(data)) as ServerFrame;
    return typeof frame.t === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}
