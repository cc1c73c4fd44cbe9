/**
 * The injection token of a boolean: `true` if the module bound the guard globally (`guard` at registration).
 */
export const GUARD_IS_GLOBAL = Symbol.for('nestjs-mcp-auth:guard-is-global');
