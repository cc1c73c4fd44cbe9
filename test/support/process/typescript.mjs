/** Lets Node run the tests' TypeScript, and `lib/` as the package: `node --import …/typescript.mjs`. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
