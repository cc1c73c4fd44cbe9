/** The limit of the MCP SDK, minus room for the rest of the message. */
const FOUR_MIB = 4 * 1024 * 1024 - 1024;
const call = (method: string, params: unknown, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const read = (uri: unknown) => call('resources/read', { uri });
export const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));
/**
 * Returns a URI that has to be compared in full with every template of `contenders/hostile.ts`, because its ends
 * match all of them. It matches only template 7.
 */
const uri = (length: number) => `x://${'-'.repeat(length - 8)}/7/-`;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** The most expensive bodies that we could find, by description. */
export const BODIES: Record<string, () => string> = {
  'one tool call': () => JSON.stringify(call('tools/call', { name: 'tool-1' })),
  'one URI of 500 characters': () => JSON.stringify(read(uri(500))),
  'one URI of 2,000 characters': () => JSON.stringify(read(uri(2000))),
  'a batch of 100 URIs of 2,000 characters': () =>
    JSON.stringify(times(100, () => read(uri(2000)))),
  'subscriptions to 198 URIs of 8,000 characters': () =>
    JSON.stringify(
      call('subscriptions/listen', {
        notifications: { resourceSubscriptions: times(198, () => uri(8000)) },
      }),
    ),
  'a batch of 100 tools of 50 choices': () =>
    JSON.stringify(times(100, (at) => call('tools/call', { name: `tool-${at}` }))),
  'one URI of 4 MiB': () => JSON.stringify(read('://?'.repeat(FOUR_MIB / 4 - 100))),
  'an id of 4 MiB': () => JSON.stringify(call('ping', {}, 'x'.repeat(FOUR_MIB - 200))),
  '4 MiB of messages': () => `[${'{},'.repeat(FOUR_MIB / 3 - 100)}{}]`,
  '4 MiB of names': () =>
    JSON.stringify(call('tools/call', { name: times(FOUR_MIB / 2 - 100, () => 1) })),
  '4 MiB of members': () =>
    JSON.stringify(
      call('tools/call', Object.fromEntries(times(FOUR_MIB / 14, (at) => [`k${at}`, 1]))),
    ),
  '4 MiB of arguments, 100,000 deep': () =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":[${nested(100_000)},"${'x'.repeat(FOUR_MIB - 300_000)}"]}}}`,
};
