/** Longer than any header a server lets through by default, and not worth the work. */
export const MAX_TOKEN_LENGTH = 16_384;
