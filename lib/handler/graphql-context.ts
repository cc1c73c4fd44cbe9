/** The members that the drivers, or the application's own `context` function, put into a GraphQL context. */
interface GraphqlContext extends Subscription {
  req?: PossibleRequest & Subscription;
  request?: PossibleRequest;
  reply?: { request?: PossibleRequest };
}

/** The member in which graphql-ws stores the WebSocket handshake. */
interface Subscription {
  extra?: { request?: PossibleRequest };
}

interface PossibleRequest {
  headers?: unknown;
}

/**
 * Returns the GraphQL context. GraphQL calls a resolver with the parent, the client's arguments, the context
 * and the info. It calls reference resolvers and type resolvers without the client's arguments.
 */
export function graphqlContextOf(args: readonly unknown[]): object | undefined {
  const context = args[hasArguments(args) ? 2 : 1];
  return typeof context === 'object' && context !== null ? context : undefined;
}

/** Returns the info, which GraphQL creates for each call of a resolver. */
export function graphqlInfoOf(args: readonly unknown[]): unknown {
  return args[hasArguments(args) ? 3 : 2];
}

/** Returns the HTTP request of a GraphQL operation. Over a WebSocket, this is the handshake. */
export function requestOfOperation(args: readonly unknown[]): object | undefined {
  const { req, request, reply, extra }: GraphqlContext = graphqlContextOf(args) ?? {};
  const handshake = extra ?? req?.extra;
  return [req, request, reply?.request, handshake?.request].find(
    (found) => typeof found?.headers === 'object',
  );
}

/** Returns `true` if the info is the fourth parameter. An untrusted client cannot set that parameter. */
function hasArguments([, , , info]: readonly unknown[]): boolean {
  return typeof info === 'object' && info !== null && 'fieldNodes' in info;
}
