/**
 * The settings given at registration, next to the options, because they decide which providers are
 * registered.
 */
export interface McpAuthModuleExtras {
  /**
   * Registers {@link BearerAuthGuard} for every handler of the application. With `false`, bind it yourself with
   * `@UseGuards(BearerAuthGuard)`. Handlers without the guard are then **not protected**.
   *
   * @defaultValue true
   */
  guard?: boolean;
  /**
   * Publishes the protected resource metadata. With `false`, publish `ProtectedResource.metadata` at
   * `ProtectedResource.metadataUrl` yourself.
   *
   * @defaultValue true
   */
  controller?: boolean;
}

export const DEFAULT_EXTRAS: Required<McpAuthModuleExtras> = { guard: true, controller: true };
