export const furtherTests: Record<string, string[]>;
export const folders: Record<string, string[]>;
