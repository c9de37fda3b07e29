// The requests of the protocol.

import type { Session } from "./protocol";

/** The server said no; `after` is the seconds that it asked us to wait. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly after = 0) {
    super(`${status}`);
  }
}

export class Api {
  /** The visitor's token: in memory alone until the store writes it down. */
  visitor = "";

  constructor(readonly server: string) {}

  session(language: string, identity: string): Promise<Session> {
    return this.post("/chat/session", {
      language,
      ...(this.visitor && { visitor: this.visitor }),
      ...(identity && { identity }),
    }, 15);
  }

  async post<T>(path: string, body: object, seconds: number, hand = new AbortController()): Promise<T> {
    const timer = setTimeout(() => hand.abort(), seconds * 1000);
    try {
      const response = await fetch(this.server + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...this.authority() },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: hand.signal,
      });
      if (response.ok) return await response.json() as T;
      const said = await response.json().catch(() => ({})) as { retry_after?: number };
      throw new Refusal(response.status, said.retry_after);
    } finally {
      clearTimeout(timer);
    }
  }

  authority(): Record<string, string> {
    return this.visitor ? { Authorization: "Bearer " + this.visitor } : {};
  }
}
