import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import type { DiscoveredHandler } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';

/**
 * A message on a WebSocket has no path, and a path is what names the tenant.
 *
 * @throws McpAuthConfigurationError naming a handler all of whose messages would be refused
 */
export function assertTenantIsNamed(handler: DiscoveredHandler, policy: AccessPolicy): void {
  if (handler.kind === 'ws' && policy !== 'public' && policy.resource.tenants !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} is a gateway's and belongs to ${policy.resource.resource}, but a message has no path that names the tenant; give it a @Resource() without {tenant}, or mark it @Public().`,
    );
  }
}
