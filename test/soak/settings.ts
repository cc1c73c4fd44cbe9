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
/** The promise of docs/authorization-servers.md: fetches of one document, in so many milliseconds. */
export const FETCHES = 3;
export const FETCH_WINDOW = 30_000;
/** In which the first good answer must come after an outage: a window, a fetch, and a busy machine. */
export const RECOVERY = FETCH_WINDOW + FETCH_TIMEOUT + 1000;
