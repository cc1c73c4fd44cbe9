export const RESOURCE = 'https://api.example.com/notes';
export const SCOPE = 'read:notes';
/** The scope that each tool of the MCP endpoint needs. */
export const TOOLS = { 'read-note': SCOPE, 'delete-note': 'delete:notes' };

export const USERS = 200;
/** The number of keep-alive connections to each server. */
export const CONNECTIONS = 50;
/** The milliseconds, on average, between an answer and the next request of the same worker of a {@link Load}. */
export const PAUSE = 50;
/** The milliseconds after which an answer counts as lost. */
export const LOST = 20_000;

/** The milliseconds for one fetch: the default of `fetchTimeout`. */
export const FETCH_TIMEOUT = 5000;
/** The seconds for which a token is accepted after its `exp`: the default of `jwt.clockTolerance`. */
export const CLOCK_TOLERANCE = 5;
/**
 * The greatest number of fetches of one document in any {@link FETCH_WINDOW} (docs/authorization-servers.md).
 * This is a sum: three fetches for unknown key ids, two for forged signatures, and one because the document's
 * lifetime or an outage ends. Fetches that fail do not count.
 */
export const FETCHES = 6;
/** The milliseconds to which {@link FETCHES} applies. They are counted over one {@link FETCH_TIMEOUT} less. */
export const FETCH_WINDOW = 30_000;
/** The fewest milliseconds between two attempts at a server that fails: 1 s, less a tolerance for a busy machine. */
export const ATTEMPT_INTERVAL = 900;
/**
 * The milliseconds within which the first good answer must come after an outage: 6 s, and 1 s for a busy
 * machine. If the server hung, add one {@link FETCH_TIMEOUT}.
 */
export const RECOVERY = 6000 + 1000;
/**
 * The milliseconds within which a token with a new key must be accepted during a flood of unknown keys: one
 * window, one fetch, and 1 s for a busy machine.
 */
export const FLOOD_RECOVERY = FETCH_WINDOW + FETCH_TIMEOUT + 1000;
