/** What is given at registration, beside the options, since it decides which providers there are. */
export interface McpAuthModuleExtras {
  /**
   * Whether {@link BearerAuthGuard} guards every handler of the application. With `false` bind it
   * yourself, with `@UseGuards(BearerAuthGuard)`: what you leave out is open.
   *
   * @defaultValue true
   */
  guard?: boolean;
  /**
   * Whether the protected resource metadata is published here. With `false` publish
   * `ProtectedResource.metadata` at `ProtectedResource.metadataUrl` yourself.
   *
   * @defaultValue true
   */
  controller?: boolean;
}

export const DEFAULT_EXTRAS: Required<McpAuthModuleExtras> = { guard: true, controller: true };
