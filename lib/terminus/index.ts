export { McpAuthHealthIndicator } from './mcp-auth-health.indicator.js';
export type { DocumentHealth, AuthorizationServerHealthData } from './document-health.js';
