export {
  McpAuthTelemetryModule,
  type McpAuthTelemetryOptions,
} from './mcp-auth-telemetry.module.js';
