// The requests of the protocol.

import type { Session } from "./protocol";

/** The server said no; `after` is the seconds that it asked us to wait. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly after: number) {
    super(`the server refused: ${status} ${code}`);
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

  async post<T>(path: string, body: object, seconds: number, signal?: AbortSignal): Promise<T> {
    const hand = new AbortController();
    const timer = setTimeout(() => hand.abort(), seconds * 1000);
    const abort = () => hand.abort();
    signal?.addEventListener("abort", abort);
    try {
      const response = await fetch(this.server + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...this.authority() },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: hand.signal,
      });
      if (!response.ok) throw await refusal(response);
      return await response.json() as T;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Fetches a file as the visitor; a link could not carry the token. */
  async file(id: string): Promise<Blob> {
    const response = await fetch(`${this.server}/chat/files/${encodeURIComponent(id)}`, {
      headers: this.authority(), credentials: "omit",
    });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }

  authority(): Record<string, string> {
    return this.visitor ? { Authorization: "Bearer " + this.visitor } : {};
  }
}

async function refusal(response: Response): Promise<Refusal> {
  const said = await response.json().catch(() => ({})) as { error?: string; retry_after?: number };
  return new Refusal(response.status, said.error ?? "", said.retry_after ?? 0);
}
