import { adFs } from './ad-fs.js';
import { authentik } from './authentik.js';
import { authkit } from './authkit.js';
import { betterAuth } from './better-auth.js';
import { casdoor } from './casdoor.js';
import { clerk } from './clerk.js';
import { descope } from './descope.js';
import { externalId } from './external-id.js';
import { hydra } from './hydra.js';
import { kinde } from './kinde.js';
import { scalekit } from './scalekit.js';
import { stytch } from './stytch.js';
import { supabase } from './supabase.js';
import { zitadel } from './zitadel.js';
import type { PageProvider } from './page-provider.js';

/** The providers whose pages are tested as they stand. */
export const pages: PageProvider[] = [
  adFs,
  authentik,
  authkit,
  betterAuth,
  casdoor,
  clerk,
  descope,
  externalId,
  hydra,
  kinde,
  scalekit,
  stytch,
  supabase,
  zitadel,
];
