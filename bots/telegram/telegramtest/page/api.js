// The emulator's API, as page.go serves it.

/** A refusal with its HTTP status, 0 when there was no answer at all. */
export class Problem extends Error {
  /** @param {number} status @param {string} text */
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export class Api {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
    this.ended = new AbortController();
  }

  /** Ends the wait for news; answers that still come are for nobody. */
  close() {
    this.ended.abort();
  }

  /** @param {string} path @param {RequestInit} [init] */
  async #fetch(path, init = {}) {
    let response;
    try {
      response = await fetch('api/' + path, { ...init, signal: this.ended.signal, headers: { 'X-Customer': this.key, ...init.headers } });
    } catch (e) {
      throw new Problem(0, String(e));
    }
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Problem(response.status, body.error ?? '');
    return body;
  }

  /** @param {string} action @param {object} [body] */
  post(action, body = {}) {
    return this.#fetch(action, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  }

  /** @param {'photo'|'document'} kind @param {Blob} blob @param {string} name @param {string} caption */
  upload(kind, blob, name, caption) {
    const query = new URLSearchParams({ name, caption });
    return this.#fetch(`${kind}?${query}`, { method: 'POST', body: blob, headers: { 'Content-Type': 'application/octet-stream' } });
  }

  /** Waits for news. @param {{epoch: number, version: number, revision: number}} at */
  changes(at) {
    return this.#fetch(`changes?epoch=${at.epoch}&version=${at.version}&revision=${at.revision}`);
  }

  tools() {
    return this.#fetch('tools');
  }
}

/** @param {string} id */
export const fileURL = (id) => 'file/' + encodeURIComponent(id);
