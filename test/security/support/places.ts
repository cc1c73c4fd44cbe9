/** Where attacks are aimed: what a challenge from there names. */
export interface Place {
  path: string;
  resource: string;
  metadata: string;
  /** The scopes that the handler needs. */
  scope: string;
}

const place = (name: string, scope: string, path = `/${name}`): Place => ({
  path,
  resource: `https://api.example.com/${name}`,
  metadata: `https://api.example.com/.well-known/oauth-protected-resource/${name}`,
  scope,
});

/** Of one authorization server. */
export const NOTES = place('notes', 'read:notes');
/** A token is welcome there, and not needed. */
export const OPTIONAL = place('notes', 'read:notes', '/notes/optional');
/** Of three authorization servers, of which one is out of order. */
export const ADMIN = place('admin', 'admin');
/** Of one authorization server; a proxy may say who is calling, too. */
export const PROXIED = place('proxied', 'read:notes');
/** The same; a token is welcome there, and not needed. */
export const PROXIED_OPTIONAL = place('proxied', 'read:notes', '/proxied/optional');
/** The same; the proxy is another machine. */
export const BEHIND = place('behind', 'read:notes');
/** Of two authorization servers; takes JSON-RPC. */
export const MCP = place('mcp', 'mcp');
/** The same, where what is not named is refused. */
export const STRICT = place('mcp', 'mcp', '/mcp/strict');
/** The same, with sessions. */
export const SESSIONS = place('mcp', 'mcp', '/mcp/sessions');
