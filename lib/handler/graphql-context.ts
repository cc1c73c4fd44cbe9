/** What the drivers, or the application's own `context` function, put into a GraphQL context. */
interface GraphqlContext extends Subscription {
  req?: PossibleRequest & Subscription;
  request?: PossibleRequest;
  reply?: { request?: PossibleRequest };
}

/** What graphql-ws keeps of the WebSocket handshake. */
interface Subscription {
  extra?: { request?: PossibleRequest };
}

interface PossibleRequest {
  headers?: unknown;
}

/**
 * Returns the GraphQL context. A resolver is called with the parent, the client's arguments, the context
 * and the info; reference resolvers and type resolvers are called without arguments.
 */
export function graphqlContextOf(args: readonly unknown[]): object | undefined {
  const context = args[hasArguments(args) ? 2 : 1];
  return typeof context === 'object' && context !== null ? context : undefined;
}

/** Returns what GraphQL makes anew for each call of a resolver. */
export function graphqlInfoOf(args: readonly unknown[]): unknown {
  return args[hasArguments(args) ? 3 : 2];
}

/** Returns the HTTP request of a GraphQL operation; of one over a WebSocket, the handshake. */
export function requestOfOperation(args: readonly unknown[]): object | undefined {
  const { req, request, reply, extra }: GraphqlContext = graphqlContextOf(args) ?? {};
  const handshake = extra ?? req?.extra;
  return [req, request, reply?.request, handshake?.request].find(
    (found) => typeof found?.headers === 'object',
  );
}

/** Nothing that a client sends is ever in the place of the info. */
function hasArguments([, , , info]: readonly unknown[]): boolean {
  return typeof info === 'object' && info !== null && 'fieldNodes' in info;
}
