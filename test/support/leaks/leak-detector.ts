import { decodeJwt } from 'jose';

/** The shortest length of a secret. Shorter strings appear by chance. */
const MIN_LENGTH = 16;

/** Remembers secrets and output, and finds the secrets in the output. */
export class LeakDetector {
  private readonly secrets = new Set<string>();
  /** For each text, its first writer and the test at that time. */
  private readonly output = new Map<string, string>();

  /**
   * Adds a secret. Of a JWT, the payload, the signature and the `jti` are secrets as well. The `jti` finds claims
   * that are written in another form than the payload.
   */
  addSecret(secret: string): void {
    if (this.secrets.has(secret)) {
      return;
    }
    const parts = secret.split('.');
    const isJwt = parts.length === 3;
    const all = isJwt ? [secret, ...parts.slice(1), tokenId(secret)] : [secret];
    for (const part of all) {
      if (part !== undefined && part.length >= MIN_LENGTH) {
        this.secrets.add(part);
      }
    }
  }

  addOutput(where: string, text: string): void {
    if (!this.output.has(text)) {
      this.output.set(text, where);
    }
  }

  /** Returns an excerpt of each text that contains a secret, with the secrets masked. */
  findLeaks(): string[] {
    const all = [...this.output.keys()].join('\n');
    const leaked = [...this.secrets].filter((secret) => all.includes(secret));
    const pieces = [...this.output].filter(([text]) =>
      leaked.some((secret) => text.includes(secret)),
    );
    return pieces.map(([text, where]) => `${where}: ${excerpt(text, leaked)}`);
  }
}

function tokenId(token: string): string | undefined {
  try {
    const { jti } = decodeJwt(token);
    return typeof jti === 'string' ? jti : undefined;
  } catch {
    return undefined;
  }
}

function excerpt(text: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[SECRET]'), text);
  const at = Math.max(0, masked.indexOf('[SECRET]') - 200);
  return masked.slice(at, at + 400);
}
