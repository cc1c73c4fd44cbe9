/** The target of an attack, and the values in a challenge of this target. */
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

/** A resource with one authorization server. */
export const NOTES = place('notes', 'read:notes');
/** A handler of the same resource where the token is optional. */
export const OPTIONAL = place('notes', 'read:notes', '/notes/optional');
/** A resource with three authorization servers, one of which does not work. */
export const ADMIN = place('admin', 'admin');
/** A resource with one authorization server, and with a proxy that asserts the caller. */
export const PROXIED = place('proxied', 'read:notes');
/** A handler of the same resource where the token is optional. */
export const PROXIED_OPTIONAL = place('proxied', 'read:notes', '/proxied/optional');
/** A resource like {@link PROXIED}, whose proxy is another machine. */
export const BEHIND = place('behind', 'read:notes');
/** An MCP endpoint of a resource with two authorization servers. */
export const MCP = place('mcp', 'mcp');
/** An MCP endpoint of the same resource, which rejects operations that it does not name. */
export const STRICT = place('mcp', 'mcp', '/mcp/strict');
/** An MCP endpoint of the same resource, with sessions. */
export const SESSIONS = place('mcp', 'mcp', '/mcp/sessions');
