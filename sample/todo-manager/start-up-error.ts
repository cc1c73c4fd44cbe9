/** Returns the error as one line, without a stack trace. It says what went wrong and what to do. */
export function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is in use. Set PORT to another port; the development authorization server uses the port after it.`;
  }
  return error.message.replace(/\s*\n\s*/g, ' ');
}
