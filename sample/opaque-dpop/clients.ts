import { randomBytes } from 'node:crypto';

/** Makes a client secret. The clients get new secrets at each start. */
const secret = () => randomBytes(32).toString('base64url');

/** The client that exports the reports. It runs at night, when no user is there to log in. */
export const EXPORTER = { client_id: 'report-exporter', client_secret: secret() };

/** The application. It is a client too: it introspects tokens at the authorization server. */
export const API = { client_id: 'reports-api', client_secret: secret() };
