import { decodeJwt } from 'jose';

/** The shortest length of a secret. Shorter strings appear by chance. */
const MIN_LENGTH = 16;

/** Remembers what must stay secret and what was put out, and finds the one in the other. */
export class LeakDetector {
  private readonly secrets = new Set<string>();
  /** Each text once, with who wrote it first and during which test. */
  private readonly output = new Map<string, string>();

  /** A JWT is no less secret in part, and its `jti` gives its claims away, however they are written. */
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

  /** Every piece of output that holds a secret, with as much of it as may be shown. */
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
