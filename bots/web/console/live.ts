// Hints that something has changed. They carry no content and may be lost:
// whoever hears one reads again.

import type { Hint } from "./protocol";

const SHORTEST = 500, LONGEST = 30_000;

export class Live {
  private socket: WebSocket | undefined;
  private tries = 0;
  private timer = 0;
  private wanted = false;

  constructor(
    private readonly hear: (hint: Hint) => void,
    /** true: hints come from now on, so everything before has to be read. */
    private readonly changed: (open: boolean) => void,
  ) {
    addEventListener("online", () => { if (this.wanted && !this.open) this.connect(); });
  }

  get open(): boolean { return this.socket?.readyState === WebSocket.OPEN; }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private connect(): void {
    clearTimeout(this.timer);
    this.socket?.close();
    const socket = this.socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/console/api/live");
    socket.onopen = () => {
      this.tries = 0;
      this.changed(true);
    };
    socket.onmessage = (event) => {
      const hint = parse(event.data);
      if (hint?.t === "bye") socket.close();
      else if (hint) this.hear(hint);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.changed(false);
      if (!this.wanted) return;
      const longest = Math.min(LONGEST, SHORTEST * 2 ** this.tries++);
      this.timer = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
    };
  }
}

function parse(data: unknown): Hint | undefined {
  try { return JSON.parse(String(data)) as Hint; } catch { return undefined; }
}
