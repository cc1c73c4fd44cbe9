/**
 * The options of `McpAuthTelemetryModule`.
 *
 * @experimental It may change in any version.
 */
export class McpAuthTelemetryOptions {
  /**
   * Adds `AuthInfo.principal` to spans, as `user.id`. It is personal data where it is that of a user.
   *
   * @defaultValue `false`
   */
  principal?: boolean;
}
