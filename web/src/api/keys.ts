// One key for one intention: the same form sent again after a failure is the same deed; a changed form is another one.

/** Keeps the `Idempotency-Key` of a form over its retries. */
export class FormKey {
  private content: string | undefined;
  private key = "";

  constructor(private readonly make: () => string = randomKey) {}

  /** The key to send this content with. */
  of(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.content) {
      this.content = text;
      this.key = this.make();
    }
    return this.key;
  }

  /** It was done: the same content again is meant as a further deed. */
  done(): void {
    this.content = undefined;
  }
}

/** 128 random bits in hex; works without a secure context too, where `randomUUID` is absent. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
