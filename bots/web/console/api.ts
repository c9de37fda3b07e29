// The requests of bots/console/api.md.

import type { Half, Handoff, LogPage, Me, Position, Queue } from "./protocol";
import { say } from "./words";

/** A request that did not do what it was for. */
export class Failure extends Error {
  /** status: of HTTP, 0 if there was no answer at all. code: what the server calls it. */
  constructor(readonly status: number, readonly code: string, readonly body: Record<string, unknown> = {}) {
    super(`${status} ${code}`);
  }

  /** Sending the same again may well work. */
  get passing(): boolean { return this.status === 0 || this.status === 429 || this.status >= 500; }

  /** Seconds to wait before that, as the server asks; 0 if it does not. */
  get retryAfter(): number { return Number(this.body.retry_after) || 0; }
}

const ROOT = "/console/api/";
/** An answer that takes longer is not coming. */
const PATIENCE = 12_000;

export class Api {
  /** From every answer that opens a session; every change carries it. */
  csrf = "";
  /** The session is over: called for each request that is refused for it, with why somebody has ended it. */
  expired = (_why: string): void => {};
  /** Whether the server answers, after each request. */
  reached = (_yes: boolean): void => {};

  /** Signs in by a password; `second`: a code is to follow. */
  signIn(login: string, password: string): Promise<Me | Half> { return this.post("sign-in", { login, password }); }
  signInCode(code: string): Promise<Me> { return this.post("sign-in/code", { code }); }
  signOut(): Promise<void> { return this.post("sign-out"); }
  me(): Promise<Me> { return this.get("me"); }

  async queue(): Promise<Queue> {
    const { waiting, mine, others, ...desk } = await this.get<Queue>("queue");
    return { ...desk, waiting: waiting.map(named), mine: mine.map(named), others: others.map(named) };
  }

  async take(handoff: number): Promise<Handoff> { return named(await this.post<Handoff>(`handoffs/${handoff}/take`)); }
  giveBack(handoff: number): Promise<void> { return this.post(`handoffs/${handoff}/return`); }
  close(handoff: number): Promise<void> { return this.post(`handoffs/${handoff}/close`); }

  log(conversation: string, range: { after?: Position | undefined; before?: Position | undefined }): Promise<LogPage> {
    const [name, position] = range.before ? ["before", range.before] : ["after", range.after];
    const query = position ? `?${name}=${encodeURIComponent(position)}` : "";
    return this.get(`${at(conversation)}/log${query}`);
  }

  say(conversation: string, message: { id: string; text: string; files: string[]; choices: string[] }): Promise<{ position: Position }> {
    return this.post(`${at(conversation)}/say`, message);
  }

  note(conversation: string, note: { id: string; text: string }): Promise<{ position: Position }> {
    return this.post(`${at(conversation)}/note`, note);
  }

  retry(conversation: string, position: Position): Promise<void> { return this.post(`${at(conversation)}/retry`, { position }); }
  typing(conversation: string): Promise<void> { return this.post(`${at(conversation)}/typing`); }

  file(id: string): Promise<Blob> { return this.blob("GET", `files/${encodeURIComponent(id)}`); }

  readonly uploads = ROOT + "files";
  readonly enclosures = ROOT + "cases/files";

  get<T>(path: string): Promise<T> { return this.request<T>("GET", path); }

  async blob(method: "GET" | "POST", path: string): Promise<Blob> {
    const answer = await this.send(method, path, method === "POST" ? {} : undefined);
    return answer.blob();
  }

  async post<T>(path: string, body: object = {}): Promise<T> {
    try {
      return await this.request<T>("POST", path, body);
    } catch (error) {
      // Another tab has signed in again: the session goes on under a new token.
      if (!(error instanceof Failure) || error.code !== "csrf" || path.startsWith("sign-in")) throw error;
      await this.renew();
      return this.request<T>("POST", path, body);
    }
  }

  /** Reads the token again. */
  async renew(): Promise<void> {
    await this.me();
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.send(method, path, body);
    const text = await answer.text();
    const said = text ? JSON.parse(text) as { csrf?: string } : undefined;
    if (said?.csrf) this.csrf = said.csrf; // a new session has a new token
    return said as T;
  }

  private async send(method: string, path: string, body?: object): Promise<Response> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let answer: Response;
    try {
      answer = await fetch(ROOT + path, {
        method, credentials: "same-origin", cache: "no-store", redirect: "error", signal: patience.signal,
        ...(body && {
          headers: { "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
          body: JSON.stringify(body),
        }),
      });
    } catch {
      this.reached(false);
      throw new Failure(0, "network");
    } finally {
      clearTimeout(timer);
    }
    this.reached(answer.status < 500);
    if (answer.ok) return answer;
    const fault = await answer.json().catch(() => ({})) as Record<string, unknown>;
    if (answer.status === 401 && !path.startsWith("sign-in")) this.expired(String(fault.why ?? ""));
    throw new Failure(answer.status, String(fault.error ?? ""), fault);
  }
}

/** Guests have no name: the number of the call tells one from another. */
const named = (handoff: Handoff): Handoff =>
  handoff.customer ? handoff : { ...handoff, customer: say("guest", { n: handoff.id }) };

const at = (conversation: string): string => `conversations/${encodeURIComponent(conversation)}`;

/** A client's own ID: 128 random bits. */
export function newID(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
