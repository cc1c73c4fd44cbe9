import { randomBytes } from 'node:crypto';

/** The clients that the authorization server knows. Each start makes up new secrets. */
const secret = () => randomBytes(32).toString('base64url');

/** Exports the reports, at night, with nobody there to log in. */
export const EXPORTER = { client_id: 'report-exporter', client_secret: secret() };

/** The application as a client of the authorization server, to introspect. */
export const API = { client_id: 'reports-api', client_secret: secret() };
