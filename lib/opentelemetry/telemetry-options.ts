/**
 * The options of `McpAuthTelemetryModule`.
 *
 * @experimental It may change in any version.
 */
export class McpAuthTelemetryOptions {
  /**
   * Adds `AuthInfo.principal` to spans, as `user.id`. The principal is personal data if it names a user.
   *
   * @defaultValue `false`
   */
  principal?: boolean;
}
