export const SCOPES = ['read:notes'];
export const ALICE = { username: 'alice', password: 'in wonderland', scopes: SCOPES };
