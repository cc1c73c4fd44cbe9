import type { DocumentEvent } from '../events/mcp-auth-event.js';
import { messageOf } from '../errors/to-error.js';
import type { McpAuthEvents } from '../events/mcp-auth-events.js';
import { OutageLog } from '../log/outage-log.js';
import {
  RemoteDocument,
  type Fetched,
  type RemoteDocumentOptions,
} from './fetching/remote-document.js';

/** The name of a document, for events and messages. */
export type NamedDocument = Omit<DocumentEvent, 'duration'>;

interface ObservedDocumentOptions<T> extends Pick<
  RemoteDocumentOptions<T>,
  'isCurrent' | 'staleIfError'
> {
  readonly events: McpAuthEvents;
  /** The signal that is aborted when the application closes. A later failure is neither logged nor published. */
  readonly closing: AbortSignal;
}

/** The sentences that say, for a document that cannot be fetched, how requests are answered. */
const CONSEQUENCES = {
  stale: 'The cached document stays in use.',
  unavailable: 'No cached document can be used, so requests that need the document get 503.',
} as const;

/** The names of documents in messages. */
const NAMES = { metadata: 'The metadata', jwks: 'The JWK Set' } as const;

/**
 * Creates a document of an authorization server. Its outages are logged, and its fetches are published as events.
 */
export function observedDocument<T>(
  about: NamedDocument,
  fetch: (cached: T | undefined) => Promise<Fetched<T>>,
  { isCurrent, staleIfError, events, closing }: ObservedDocumentOptions<T>,
): RemoteDocument<T> {
  const outages = new OutageLog(
    `${NAMES[about.document]} of ${about.issuer} can be fetched again.`,
  );
  let isFirst = true;
  const document = new RemoteDocument<T>(fetch, {
    isCurrent,
    staleIfError,
    onSuccess: (duration) => {
      outages.succeeded();
      events.publish(isFirst ? 'fetched' : 'refreshed', () => ({ ...about, duration }));
      isFirst = false;
    },
    onFailure: (error, duration) => {
      if (closing.aborted) {
        return;
      }
      const state = document.fallback() === undefined ? 'unavailable' : 'stale';
      outages.failed(messageOf(error), CONSEQUENCES[state]);
      events.publish(state, () => ({ ...about, duration, error }));
    },
  });
  return document;
}
