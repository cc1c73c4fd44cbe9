import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import type { DiscoveredHandler } from '../policy/discovery/discovered-handlers.js';
import { nameOf } from '../handler/handler.js';

/**
 * Checks that a gateway belongs to no resource with tenants. The path of a request names the tenant, and a
 * WebSocket message has no path.
 *
 * @throws McpAuthConfigurationError naming a handler whose messages would all be rejected
 */
export function assertTenantIsNamed(handler: DiscoveredHandler, policy: AccessPolicy): void {
  if (handler.kind === 'ws' && policy !== 'public' && policy.resource.tenants !== undefined) {
    throw new McpAuthConfigurationError(
      `${nameOf(handler)} handles messages of a WebSocket gateway and belongs to ${policy.resource.resource}, but a message has no path that names the tenant; give it a @Resource() without {tenant}, or mark it @Public().`,
    );
  }
}
