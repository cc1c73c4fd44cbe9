export const RESOURCE = 'https://api.example.com/notes';
export const SCOPE = 'read:notes';
/** Which scopes the tools of the MCP endpoint need. */
export const TOOLS = { 'read-note': SCOPE, 'delete-note': 'delete:notes' };

export const USERS = 200;
/** To each server. */
export const CONNECTIONS = 50;
/** Milliseconds, on average, between an answer and the next request of its connection. */
export const PAUSE = 50;
/** Milliseconds after which an answer counts as lost. */
export const LOST = 20_000;

/** Milliseconds: the default. */
export const FETCH_TIMEOUT = 5000;
/** Seconds that a token is accepted for after its `exp`: the default of `jwt.clockTolerance`. */
export const CLOCK_TOLERANCE = 5;
/**
 * The promise of docs/authorization-servers.md: fetches of one document that are answered, in so many
 * milliseconds. Three for unknown key ids, two for forged signatures, one because its lifetime or an outage ends.
 */
export const FETCHES = 6;
export const FETCH_WINDOW = 30_000;
/** Milliseconds between two attempts at a server that fails, on a busy machine. */
export const ATTEMPT_INTERVAL = 900;
/** In which the first good answer must come after an outage, on a busy machine; after a hang, and a fetch. */
export const RECOVERY = 6000 + 1000;
/** In which a new key must be honoured amid a flood: a window, a fetch, and a busy machine. */
export const FLOOD_RECOVERY = FETCH_WINDOW + FETCH_TIMEOUT + 1000;
