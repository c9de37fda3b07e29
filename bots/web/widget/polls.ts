// Long polls, where sockets are blocked; loaded when they are.

import type { Api } from "./api";
import type { Receiver } from "./link";
import type { ClientFrame, ServerFrame } from "./protocol";

const POLL_SECONDS = 25;
/** A server that answers every poll at once is asked no oftener than this, in ms. */
const PACE = 200;

export class Polls {
  readonly #hand = new AbortController();
  #flushing = false;

  constructor(
    private readonly api: Api, private readonly receiver: Receiver, private readonly connected: () => void,
  ) {}

  end(): void { this.#hand.abort(); }

  /** Says what is owed, or a passing frame once. */
  send(frame: ClientFrame): void {
    if ("id" in frame) void this.#flush();
    else void this.#deliver([frame]).catch(() => {});
  }

  /** Takes what comes until an instant; resolves to the seconds to wait before the next connection. */
  async run(until: number): Promise<number> {
    try {
      for (let wait = 0; Date.now() < until; wait = POLL_SECONDS) {
        const asked = Date.now();
        const { frames } = await this.api.post<{ frames: ServerFrame[] }>(
          "/chat/poll", { after: this.receiver.after(), wait }, wait + 15, this.#hand);
        for (const frame of frames) {
          if (frame.t === "bye") return (frame.retry_after ?? 0) * Math.random();
          this.receiver.frame(frame);
        }
        if (!wait) {
          this.connected();
          void this.#flush();
        } else if (Date.now() - asked < PACE) await new Promise((resolve) => setTimeout(resolve, PACE));
      }
      return 0;
    } finally {
      this.end();
    }
  }

  /** Says what is owed, in order, until the server has it all. */
  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      for (let owed = this.receiver.unsent(); owed.length && !this.#hand.signal.aborted; owed = this.receiver.unsent()) {
        await this.#deliver(owed);
        if (this.receiver.unsent().some((frame) => owed.includes(frame))) throw new Error("no acknowledgement");
      }
    } catch {
      setTimeout(() => { if (!this.#hand.signal.aborted) void this.#flush(); }, 1000 + Math.random() * 4000);
    } finally {
      this.#flushing = false;
    }
  }

  async #deliver(frames: ClientFrame[]): Promise<void> {
    const answer = await this.api.post<{ frames: ServerFrame[] }>("/chat/send", { frames }, 20);
    for (const frame of answer.frames) this.receiver.frame(frame);
  }
}
