const HIDDEN = '… (not shown)';

/** The names of parameters and members whose values are secret. `jti` identifies a token. */
const SECRETS = new Set([
  'access_token',
  'token',
  'refresh_token',
  'id_token',
  'code',
  'code_verifier',
  'client_secret',
  'registration_access_token',
  'jti',
]);

/**
 * Writes a JSON text, a form or any other text for people, without secrets.
 *
 * @param {string} text
 * @param {string} [type] the media type of the text
 */
export function withoutSecrets(text, type = '') {
  return hideTokens(type.includes('json') ? jsonText(text) : text);
}

/** @param {Iterable<[string, string]>} parameters */
export function parameterText(parameters) {
  const lines = [...parameters].map(
    ([name, value]) => `${name}=${SECRETS.has(name) ? HIDDEN : value}`,
  );
  return hideTokens(lines.join('\n'));
}

/** @param {unknown} value */
export function valueText(value) {
  return hideTokens(
    JSON.stringify(
      value,
      (name, /** @type {unknown} */ member) => (SECRETS.has(name) ? HIDDEN : member),
      2,
    ),
  );
}

/** @param {string} text */
function jsonText(text) {
  try {
    return valueText(JSON.parse(text));
  } catch {
    return text;
  }
}

/**
 * Hides every JWT, and whatever follows an authentication scheme, wherever it is.
 *
 * @param {string} text
 */
function hideTokens(text) {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN)
    .replace(/^(authorization: \S+) .*$/gim, `$1 ${HIDDEN}`);
}
