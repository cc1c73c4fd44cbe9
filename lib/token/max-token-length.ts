/** The greatest length of a token that is read. By default, Node rejects a header that long. */
export const MAX_TOKEN_LENGTH = 16_384;
